// Numbers become bins of one byte: about equally many rows in each, a heavy value in a bin of its own, missing values in one after the last.
import {
  BLOCK_BYTES,
  binCounts,
  blocks,
  blockTable,
  categoryMaps,
  columnBins,
  columns,
  cuts,
  maxBins,
  missingFlags,
  ROW_SCRATCH,
  rowStride,
  scratchOf,
  staging,
  threads,
} from "./gradient-boosting-memory.as";

/** Integers in the order of the numbers; both zeros are one. */
// @inline
function sortKey(value: f32): u32 {
  const bits = reinterpret<u32>(value + 0);
  return bits >> 31 ? ~bits : bits | 0x80000000;
}

// @inline
function valueOf(key: u32): f32 {
  return reinterpret<f32>(key >> 31 ? key ^ 0x80000000 : ~key);
}

/** Radix sort by 11 bits at a time; the result is in `to`. */
function sortKeys(from: usize, to: usize, count: i32, counters: usize): void {
  for (let shift = 0; shift < 33; shift += 11) {
    memory.fill(counters, 0, 8192);
    for (let index = 0; index < count; index++) {
      const counter = counters + (((load<u32>(from + ((<usize>index) << 2)) >> shift) & 2047) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
    let sum: u32 = 0;
    for (let counter = counters; counter < counters + 8192; counter += 4) {
      const size = load<u32>(counter);
      store<u32>(counter, sum);
      sum += size;
    }
    for (let index = 0; index < count; index++) {
      const key = load<u32>(from + ((<usize>index) << 2));
      const counter = counters + (((key >> shift) & 2047) << 2);
      const place = load<u32>(counter);
      store<u32>(counter, place + 1);
      store<u32>(to + ((<usize>place) << 2), key);
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
}

/** Cuts of one column from a sample; a cut is the smallest value of the bin above it. */
function makeCutsOf(column: i32, sampled: i32, area: usize): void {
  let count = 0;
  for (let row = 0; row < sampled; row++) {
    const value = load<f32>(staging + ((<usize>(row * columns + column)) << 2));
    if (value !== value) continue;
    store<u32>(area + ((<usize>count) << 2), sortKey(value));
    count++;
  }
  const sorted = area + ((<usize>sampled) << 2);
  sortKeys(area, sorted, count, sorted + ((<usize>sampled) << 2));
  let distinct = 1;
  for (let index = 1; index < count; index++) {
    const place = sorted + ((<usize>index) << 2);
    distinct += i32(load<u32>(place) !== load<u32>(place - 4));
  }
  const first = cuts + ((<usize>column) << 10);
  let bins = 1;
  let remaining = count;
  let current = 0;
  for (let index = 0; index < count; ) {
    const key = load<u32>(sorted + ((<usize>index) << 2));
    let end = index + 1;
    while (end < count && load<u32>(sorted + ((<usize>end) << 2)) === key) end++;
    const isFull = distinct <= maxBins || current + ((end - index) >> 1) > remaining / (maxBins + 1 - bins);
    if (current !== 0 && bins < maxBins && isFull) {
      store<f32>(first + ((<usize>(bins - 1)) << 2), valueOf(key));
      bins++;
      remaining -= current;
      current = 0;
    }
    current += end - index;
    index = end;
  }
  for (let index = bins - 1; index < 256; index++) store<f32>(first + ((<usize>index) << 2), Infinity);
  store<i32>(binCounts + ((<usize>column) << 2), bins);
}

/** Columns of numbers only; bins of categories are made by the host. `sampled` rows are staged. */
export function makeCuts(thread: i32, sampled: i32): void {
  for (let column = thread; column < columns; column += threads) {
    if (load<i32>(categoryMaps + ((<usize>column) << 3)) === 0)
      makeCutsOf(column, sampled, scratchOf(thread) + ROW_SCRATCH);
  }
}

/** How many cuts are not above the value, without a branch. */
// @inline
function countCuts(first: usize, value: f32): usize {
  let place = first;
  place += (<usize>(load<f32>(place, 508) <= value)) << 9;
  place += (<usize>(load<f32>(place, 252) <= value)) << 8;
  place += (<usize>(load<f32>(place, 124) <= value)) << 7;
  place += (<usize>(load<f32>(place, 60) <= value)) << 6;
  place += (<usize>(load<f32>(place, 28) <= value)) << 5;
  place += (<usize>(load<f32>(place, 12) <= value)) << 4;
  place += (<usize>(load<f32>(place, 4) <= value)) << 3;
  place += (<usize>(load<f32>(place) <= value)) << 2;
  return (place - first) >> 2;
}

/** The bin of a number that stands for a category: its map's entry; what the map does not know is missing. */
// @inline
function categoryBin(map: usize, length: i32, value: f32, missing: i32): i32 {
  if (!(value >= 0 && value < <f32>length)) return missing;
  return <i32>load<u8>(map + <usize>value);
}

/** Bins the staged rows `begin` … `end`, counted in the staging area, whose first one is row `offset` of the table. */
export function bin(begin: i32, end: i32, offset: i32): void {
  for (let index = 0; index < blocks; index++) {
    const entry = blockTable + <usize>index * BLOCK_BYTES;
    const first = load<i32>(entry);
    const width = load<i32>(entry, 4);
    const records = <usize>load<u32>(entry, 8);
    for (let inner = 0; inner < width; inner++) {
      const column = first + inner;
      const map = <usize>load<u32>(categoryMaps + ((<usize>column) << 3));
      const length = load<i32>(categoryMaps + ((<usize>column) << 3), 4);
      const missing = load<i32>(binCounts + ((<usize>column) << 2));
      const columnCuts = cuts + ((<usize>column) << 10);
      let source = staging + ((<usize>(begin * columns + column)) << 2);
      let record = records + ((<usize>(offset + begin)) << 4) + <usize>inner + 4;
      let target = columnBins + <usize>column * <usize>rowStride + <usize>(offset + begin);
      let found = 0;
      for (let row = begin; row < end; row++, source += (<usize>columns) << 2, record += 16, target++) {
        const value = load<f32>(source);
        let bin: i32;
        if (map !== 0) bin = categoryBin(map, length, value, missing);
        // Padding counts as cuts not above +Infinity.
        else bin = value !== value ? missing : min(<i32>countCuts(columnCuts, value), missing - 1);
        found |= i32(bin === missing);
        store<u8>(record, bin);
        store<u8>(target, bin);
      }
      if (found) store<i32>(missingFlags + ((<usize>column) << 2), 1);
    }
  }
}
