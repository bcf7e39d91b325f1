// Dense matrix products on float32, row after row. AssemblyScript, SIMD over panels: 8 numbers side by side, so that a
// tile of 4 × 8 results stays in registers. Every result is summed in the same order whatever the threads: they share
// the work by rows or panels of the result. The scalar reference beside it, matrix-multiply.ts, gives the same bytes.

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */

/** Numbers of a panel. */
const PANEL: i32 = 8;
/** Products that are summed in float32 before their sum is added to the result. */
const RUN: i32 = 256;

/** C[from … to) = A · Bᵀ. A has `inner` columns; B's rows are packed by `packRows`; C's rows are `panels` × 8 long. */
export function multiplyTransposed(a: usize, b: usize, c: usize, inner: i32, panels: i32, from: i32, to: i32): void {
  const rowBytes: usize = (<usize>inner) << 2;
  const resultBytes: usize = (<usize>panels) << 5;
  for (let start: i32 = 0; start < inner; start += RUN) {
    const length: i32 = min(RUN, inner - start);
    for (let row: i32 = from; row < to; row += 4) {
      const last: i32 = to - 1 - row;
      const a0: usize = a + <usize>row * rowBytes + ((<usize>start) << 2);
      const a1: usize = a0 + (last > 0 ? rowBytes : 0);
      const a2: usize = a1 + (last > 1 ? rowBytes : 0);
      const a3: usize = a2 + (last > 2 ? rowBytes : 0);
      let result: usize = c + <usize>row * resultBytes;
      for (let panel: i32 = 0; panel < panels; panel++) {
        let source: usize = b + ((<usize>panel * <usize>inner + <usize>start) << 5);
        let c00 = f32x4.splat(0),
          c01 = f32x4.splat(0),
          c10 = f32x4.splat(0),
          c11 = f32x4.splat(0);
        let c20 = f32x4.splat(0),
          c21 = f32x4.splat(0),
          c30 = f32x4.splat(0),
          c31 = f32x4.splat(0);
        for (let offset: usize = 0, end: usize = (<usize>length) << 2; offset < end; offset += 4) {
          const b0 = v128.load(source),
            b1 = v128.load(source, 16);
          let value = v128.load32_splat(a0 + offset);
          c00 = f32x4.add(c00, f32x4.mul(value, b0));
          c01 = f32x4.add(c01, f32x4.mul(value, b1));
          value = v128.load32_splat(a1 + offset);
          c10 = f32x4.add(c10, f32x4.mul(value, b0));
          c11 = f32x4.add(c11, f32x4.mul(value, b1));
          value = v128.load32_splat(a2 + offset);
          c20 = f32x4.add(c20, f32x4.mul(value, b0));
          c21 = f32x4.add(c21, f32x4.mul(value, b1));
          value = v128.load32_splat(a3 + offset);
          c30 = f32x4.add(c30, f32x4.mul(value, b0));
          c31 = f32x4.add(c31, f32x4.mul(value, b1));
          source += 32;
        }
        putRow(result, c00, c01, start);
        if (last > 0) putRow(result + resultBytes, c10, c11, start);
        if (last > 1) putRow(result + (resultBytes << 1), c20, c21, start);
        if (last > 2) putRow(result + resultBytes * 3, c30, c31, start);
        result += 32;
      }
    }
  }
}

function putRow(address: usize, low: v128, high: v128, start: i32): void {
  if (start > 0) {
    low = f32x4.add(v128.load(address), low);
    high = f32x4.add(v128.load(address, 16), high);
  }
  v128.store(address, low);
  v128.store(address, high, 16);
}

/**
 * C += Aᵀ · B in float64, for the panels `first`, `first + step`, … of A's columns. Both are packed by `packColumns` over
 * the same rows; C's rows are `bPanels` × 8 long. With `upper` only panels of B from that of A on: for Aᵀ · A.
 */
export function accumulateProduct(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  aPanels: i32,
  bPanels: i32,
  upper: i32,
  first: i32,
  step: i32,
): void {
  const panelBytes: usize = (<usize>rows) << 5;
  const resultBytes: usize = (<usize>bPanels) << 6;
  for (let start: i32 = 0; start < rows; start += RUN) {
    const length: i32 = min(RUN, rows - start);
    for (let panel: i32 = first; panel < aPanels; panel += step) {
      for (let half: i32 = 0; half < 2; half++) {
        const left: usize = a + <usize>panel * panelBytes + ((<usize>start) << 5) + ((<usize>half) << 4);
        const target: usize = c + <usize>(panel * PANEL + half * 4) * resultBytes;
        for (let other: i32 = upper ? panel : 0; other < bPanels; other++) {
          const right: usize = b + <usize>other * panelBytes + ((<usize>start) << 5);
          addTile(left, right, length, target + ((<usize>other) << 6), resultBytes);
        }
      }
    }
  }
}

function addTile(left: usize, right: usize, length: i32, target: usize, resultBytes: usize): void {
  let c00 = f32x4.splat(0),
    c01 = f32x4.splat(0),
    c10 = f32x4.splat(0),
    c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0),
    c21 = f32x4.splat(0),
    c30 = f32x4.splat(0),
    c31 = f32x4.splat(0);
  for (let offset: usize = 0, end: usize = (<usize>length) << 5; offset < end; offset += 32) {
    const b0 = v128.load(right + offset),
      b1 = v128.load(right + offset, 16);
    let value = v128.load32_splat(left + offset);
    c00 = f32x4.add(c00, f32x4.mul(value, b0));
    c01 = f32x4.add(c01, f32x4.mul(value, b1));
    value = v128.load32_splat(left + offset, 4);
    c10 = f32x4.add(c10, f32x4.mul(value, b0));
    c11 = f32x4.add(c11, f32x4.mul(value, b1));
    value = v128.load32_splat(left + offset, 8);
    c20 = f32x4.add(c20, f32x4.mul(value, b0));
    c21 = f32x4.add(c21, f32x4.mul(value, b1));
    value = v128.load32_splat(left + offset, 12);
    c30 = f32x4.add(c30, f32x4.mul(value, b0));
    c31 = f32x4.add(c31, f32x4.mul(value, b1));
  }
  addRow(target, c00, c01);
  addRow(target + resultBytes, c10, c11);
  addRow(target + (resultBytes << 1), c20, c21);
  addRow(target + resultBytes * 3, c30, c31);
}

function addRow(address: usize, low: v128, high: v128): void {
  addHalf(address, low);
  addHalf(address + 32, high);
}

function addHalf(address: usize, values: v128): void {
  const upper = i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(address, f64x2.add(v128.load(address), f64x2.promote_low_f32x4(values)));
  v128.store(address, f64x2.add(v128.load(address, 16), f64x2.promote_low_f32x4(upper)), 16);
}

/** Panels `from` … `to` of 8 rows each, side by side: [panel][column][8 rows]; rows that do not exist are zeros. */
export function packRows(source: usize, rows: i32, columns: i32, packed: usize, from: i32, to: i32): void {
  const rowBytes: usize = (<usize>columns) << 2;
  for (let panel: i32 = from; panel < to; panel++) {
    const target: usize = packed + <usize>panel * (rowBytes << 3);
    for (let lane: i32 = 0; lane < PANEL; lane++) {
      const row: i32 = panel * PANEL + lane;
      const given: usize = source + <usize>row * rowBytes;
      let address: usize = target + ((<usize>lane) << 2);
      for (let offset: usize = 0; offset < rowBytes; offset += 4) {
        store<f32>(address, row < rows ? load<f32>(given + offset) : 0);
        address += 32;
      }
    }
  }
}

/**
 * Panels `from` … `to` of 8 columns each, side by side: [panel][row][8 columns], less `shift` (an address of one number
 * per column, or 0); columns that do not exist are zeros.
 */
export function packColumns(
  source: usize,
  rows: i32,
  columns: i32,
  shift: usize,
  packed: usize,
  from: i32,
  to: i32,
): void {
  const rowBytes: usize = (<usize>columns) << 2;
  for (let panel: i32 = from; panel < to; panel++) {
    const column: i32 = panel * PANEL;
    const present: i32 = min(PANEL, columns - column);
    let given: usize = source + ((<usize>column) << 2);
    let target: usize = packed + ((<usize>panel * <usize>rows) << 5);
    const less: usize = shift + ((<usize>column) << 2);
    if (present === PANEL) {
      let low = f32x4.splat(0);
      let high = f32x4.splat(0);
      if (shift !== 0) {
        low = v128.load(less);
        high = v128.load(less, 16);
      }
      for (let row: i32 = 0; row < rows; row++) {
        v128.store(target, f32x4.sub(v128.load(given), low));
        v128.store(target, f32x4.sub(v128.load(given, 16), high), 16);
        given += rowBytes;
        target += 32;
      }
      continue;
    }
    for (let row: i32 = 0; row < rows; row++) {
      for (let lane: i32 = 0; lane < PANEL; lane++) {
        const at: usize = (<usize>lane) << 2;
        let value: f32 = lane < present ? load<f32>(given + at) : 0;
        if (shift !== 0 && lane < present) value -= load<f32>(less + at);
        store<f32>(target + at, value);
      }
      given += rowBytes;
      target += 32;
    }
  }
}

/** Adds the sums of the columns in the panels `from` … `to`, packed by `packColumns`, to `sums` in float64: 8 numbers for each panel. */
export function sumPanels(packed: usize, rows: i32, sums: usize, from: i32, to: i32): void {
  for (let panel: i32 = from; panel < to; panel++) {
    let source: usize = packed + ((<usize>panel * <usize>rows) << 5);
    const target: usize = sums + ((<usize>panel) << 6);
    for (let start: i32 = 0; start < rows; start += RUN) {
      let low = f32x4.splat(0);
      let high = f32x4.splat(0);
      const end: usize = source + ((<usize>min(RUN, rows - start)) << 5);
      for (; source < end; source += 32) {
        low = f32x4.add(low, v128.load(source));
        high = f32x4.add(high, v128.load(source, 16));
      }
      addRow(target, low, high);
    }
  }
}
