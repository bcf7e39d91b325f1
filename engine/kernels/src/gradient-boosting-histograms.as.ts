// Sums of derivatives by bin, of all columns of a block at once. Integers, so that any order and any number of threads give the same bytes.
import {
  binCounts,
  binOffsets,
  block,
  controlAddress,
  EXACT,
  missingFlags,
  pairs,
  rowIndexes,
  segment,
  slotBytes,
  slots,
  threads,
} from "./gradient-boosting-memory.as";

/** Rows whose 16-bit derivatives can be summed in 32 bits. */
const CAPACITY: i32 = 32768;
/** Rows that are copied together before they are summed: a short loop keeps many cache misses in flight. */
const STAGED: i32 = 256;
/** Tables of 12 columns, 256 bins of 16 bytes. */
const STAGE: usize = 49152;
const PAIR_STAGE: usize = 53248;

/** The pair of the first record that is to be summed exactly. */
let pairsToSum: usize = 0;

// @inline
export function slotAddress(slot: i32): usize {
  return slots + <usize>slot * <usize>slotBytes;
}

// @inline
export function columnHistogram(slot: i32, column: i32): usize {
  return slotAddress(slot) + ((<usize>load<i32>(binOffsets + ((<usize>column) << 2))) << 4);
}

/** Value bins and, where the column has missing values, theirs. */
// @inline
function allBins(column: i32): usize {
  return <usize>(load<i32>(binCounts + ((<usize>column) << 2)) + load<i32>(missingFlags + ((<usize>column) << 2)));
}

// @inline
function addPacked(column: usize, record: usize, table: usize, value: i64): void {
  const entry = table + ((<usize>load<u8>(record + column, 4)) << 3);
  store<i64>(entry + column * 2048, load<i64>(entry + column * 2048) + value);
}

/** First derivatives in the upper half of a 64-bit integer, second ones in the lower: one addition for both. */
// @inline
function sumPackedOf(width: i32, record: usize, count: i32, table: usize): void {
  for (const end = record + ((<usize>count) << 4); record < end; record += 16) {
    const both = load<i32>(record);
    const value = ((<i64>(both >> 16)) << 32) | <i64>(both & 65535);
    if (width > 0) addPacked(0, record, table, value);
    if (width > 1) addPacked(1, record, table, value);
    if (width > 2) addPacked(2, record, table, value);
    if (width > 3) addPacked(3, record, table, value);
    if (width > 4) addPacked(4, record, table, value);
    if (width > 5) addPacked(5, record, table, value);
    if (width > 6) addPacked(6, record, table, value);
    if (width > 7) addPacked(7, record, table, value);
    if (width > 8) addPacked(8, record, table, value);
    if (width > 9) addPacked(9, record, table, value);
    if (width > 10) addPacked(10, record, table, value);
    if (width > 11) addPacked(11, record, table, value);
  }
}

// @inline
function addExact(column: usize, record: usize, table: usize, value: v128): void {
  const entry = table + ((<usize>load<u8>(record + column, 4)) << 4);
  v128.store(entry + column * 4096, f64x2.add(v128.load(entry + column * 4096), value));
}

/** Integers of at most 30 bits, in doubles: their sums are exact. */
// @inline
function sumExactOf(width: i32, record: usize, end: usize, table: usize): void {
  let pair = pairsToSum;
  for (; record < end; record += 16, pair += 8) {
    const value = f64x2.convert_low_i32x4_s(v128.load64_zero(pair));
    if (width > 0) addExact(0, record, table, value);
    if (width > 1) addExact(1, record, table, value);
    if (width > 2) addExact(2, record, table, value);
    if (width > 3) addExact(3, record, table, value);
    if (width > 4) addExact(4, record, table, value);
    if (width > 5) addExact(5, record, table, value);
    if (width > 6) addExact(6, record, table, value);
    if (width > 7) addExact(7, record, table, value);
    if (width > 8) addExact(8, record, table, value);
    if (width > 9) addExact(9, record, table, value);
    if (width > 10) addExact(10, record, table, value);
    if (width > 11) addExact(11, record, table, value);
  }
}

function sumPacked(width: i32, record: usize, count: i32, table: usize): void {
  switch (width) {
    case 1:
      sumPackedOf(1, record, count, table);
      break;
    case 2:
      sumPackedOf(2, record, count, table);
      break;
    case 3:
      sumPackedOf(3, record, count, table);
      break;
    case 4:
      sumPackedOf(4, record, count, table);
      break;
    case 5:
      sumPackedOf(5, record, count, table);
      break;
    case 6:
      sumPackedOf(6, record, count, table);
      break;
    case 7:
      sumPackedOf(7, record, count, table);
      break;
    case 8:
      sumPackedOf(8, record, count, table);
      break;
    case 9:
      sumPackedOf(9, record, count, table);
      break;
    case 10:
      sumPackedOf(10, record, count, table);
      break;
    case 11:
      sumPackedOf(11, record, count, table);
      break;
    default:
      sumPackedOf(12, record, count, table);
  }
}

function sumExact(width: i32, record: usize, end: usize, table: usize): void {
  if (width <= 4) sumExactOf(4, record, end, table);
  else if (width <= 8) sumExactOf(8, record, end, table);
  else sumExactOf(12, record, end, table);
}

/** Moves a block's sums out of the thread's table into a histogram of [second, first] doubles, and clears the table. */
// @inline
function flush(table: usize, slot: i32, entry: usize, isFirst: bool): void {
  const first = load<i32>(entry);
  for (let inner = 0, width = load<i32>(entry, 4); inner < width; inner++) {
    let target = columnHistogram(slot, first + inner);
    let source = table + <usize>inner * 2048;
    for (const end = source + (allBins(first + inner) << 3); source < end; source += 8, target += 16) {
      const sums = f64x2.convert_low_i32x4_s(v128.load64_zero(source));
      v128.store(target, isFirst ? sums : f64x2.add(v128.load(target), sums));
      store<i64>(source, 0);
    }
  }
}

function flushExact(table: usize, slot: i32, entry: usize): void {
  const first = load<i32>(entry);
  for (let inner = 0, width = load<i32>(entry, 4); inner < width; inner++) {
    memory.copy(columnHistogram(slot, first + inner), table + <usize>inner * 4096, allBins(first + inner) << 4);
  }
  // All of it: widths are rounded up to four, so that bins of columns that do not exist were counted too.
  memory.fill(table, 0, STAGE);
}

/** Copies listed rows' records together. */
// @inline
function gather(records: usize, index: usize, count: i32, stage: usize): void {
  for (const end = index + ((<usize>count) << 2); index < end; index += 4, stage += 16) {
    v128.store(stage, v128.load(records + ((<usize>load<u32>(index)) << 4)));
  }
}

// @inline
function gatherPairs(index: usize, count: i32, stage: usize): void {
  for (const end = index + ((<usize>count) << 2); index < end; index += 4, stage += 8) {
    store<i64>(stage, load<i64>(pairs + ((<usize>load<u32>(index)) << 3)));
  }
}

/** The histogram of one node and one block; the root's rows are all rows, in order. */
export function build(index: i32, slot: i32, blockIndex: i32, area: usize): void {
  const entry = block(blockIndex);
  const width = load<i32>(entry, 4);
  const records = <usize>load<u32>(entry, 8);
  const isExact = load<i32>(controlAddress + EXACT) !== 0;
  let pending = 0;
  let isFirst = true;
  for (let thread = 0; thread < threads; thread++) {
    const rows = segment(index, thread);
    for (let row = load<i32>(rows), end = load<i32>(rows, 4); row < end; ) {
      let count = min(end - row, CAPACITY - pending);
      let source = records + ((<usize>row) << 4);
      pairsToSum = pairs + ((<usize>row) << 3);
      if (index !== 0) {
        count = min(count, STAGED);
        source = area + STAGE;
        gather(records, rowIndexes + ((<usize>row) << 2), count, source);
        if (isExact) {
          pairsToSum = area + PAIR_STAGE;
          gatherPairs(rowIndexes + ((<usize>row) << 2), count, pairsToSum);
        }
      }
      row += count;
      if (isExact) {
        sumExact(width, source, source + ((<usize>count) << 4), area);
        continue;
      }
      sumPacked(width, source, count, area);
      pending += count;
      if (pending === CAPACITY) {
        if (isFirst) flush(area, slot, entry, true);
        else flush(area, slot, entry, false);
        isFirst = false;
        pending = 0;
      }
    }
  }
  if (isExact) flushExact(area, slot, entry);
  else if (isFirst) flush(area, slot, entry, true);
  else if (pending !== 0) flush(area, slot, entry, false);
}

/** What is left of `slot` when `other` is taken away. */
export function subtract(slot: i32, other: i32, blockIndex: i32): void {
  const first = load<i32>(block(blockIndex));
  const last = first + load<i32>(block(blockIndex), 4) - 1;
  let target = columnHistogram(slot, first);
  let source = columnHistogram(other, first);
  const end = columnHistogram(slot, last) + (allBins(last) << 4);
  for (; target < end; target += 16, source += 16) {
    v128.store(target, f64x2.sub(v128.load(target), v128.load(source)));
  }
}
