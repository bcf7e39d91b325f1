// Lloyd's K-Means: the nearest center of each row, sums for the next centers, and the distances by which k-means++ seeds.
// AssemblyScript, SIMD over tiles of 4 rows × 8 centers. Rows are divided into parts whose number does not depend on the
// threads; each part has sums of its own, which the host adds up in order. The scalar reference of the distances is
// distances.ts.

import { measureTile } from "./distance-tile.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */
export let rows: usize = 0;
export let columns: i32 = 0;
/** One number per row, or 0 where all rows count the same. */
export let weights: usize = 0;
/** In panels of 8; places without a center are infinite. */
export let centers: usize = 0;
export let count: i32 = 0;
/** How many centers the rows were compared with before: their labels and distances stay where no center is nearer. */
export let known: i32 = 0;
/** Per row: the number of its nearest center, and the squared distance to it. */
export let labels: usize = 0;
export let distances: usize = 0;
/** Per part in float64: [center][column], the weights of the centers, the sum of weighted distances. */
export let sums: usize = 0;
/** Per row: squared distances to 8 candidates. */
export let candidates: usize = 0;
/** Per part in float64: what would be left of the distances with each of the 8 candidates. */
export let potentials: usize = 0;
/** Per row: at most how far its own center is, and at least how far every other (Hamerly 2010); 0 where nobody asks. */
export let bounds: usize = 0;
/** How far each center has moved; the farthest of them, and the farthest of the others. */
export let shifts: usize = 0;
export let farthest: i32 = 0;
export let farthestShift: f32 = 0;
export let otherShift: f32 = 0;
/** For each thread `scratchBytes`: 128 for each panel of centers, at least 256. */
export let scratch: usize = 0;
export let scratchBytes: usize = 256;

/** The nearest centers of the rows `from` … `to`; of equally near ones the first. */
export function nearest(from: i32, to: i32, thread: i32): void {
  for (let row: i32 = from; row < to; row += 4) {
    const end: i32 = to - 1;
    search(row, min(row + 1, end), min(row + 2, end), min(row + 3, end), scratch + <usize>thread * scratchBytes);
  }
}

/** Compares 4 rows with all centers; a row may be given twice. */
function search(row0: i32, row1: i32, row2: i32, row3: i32, tiles: usize): void {
  const rowBytes: usize = (<usize>columns) << 2;
  const panels: i32 = (count + 7) >> 3;
  const x0: usize = rows + <usize>row0 * rowBytes;
  const x1: usize = rows + <usize>row1 * rowBytes;
  const x2: usize = rows + <usize>row2 * rowBytes;
  const x3: usize = rows + <usize>row3 * rowBytes;
  let packed: usize = centers;
  let tile: usize = tiles;
  for (let panel: i32 = 0; panel < panels; panel++) {
    measureTile(x0, x1, x2, x3, packed, columns, 0, tile);
    packed += rowBytes << 3;
    tile += 128;
  }
  keepNearest(row0, tiles, panels);
  if (row1 !== row0) keepNearest(row1, tiles + 32, panels);
  if (row2 !== row1) keepNearest(row2, tiles + 64, panels);
  if (row3 !== row2) keepNearest(row3, tiles + 96, panels);
}

/** Of a row's tiles the smallest distance, its center, and the second smallest distance as a bound for later rounds. */
function keepNearest(row: i32, tile: usize, panels: i32): void {
  let best = f32x4.splat(f32.MAX_VALUE);
  let second = best;
  let chosen = i32x4.splat(0);
  let index = i32x4(0, 1, 2, 3);
  for (let half: i32 = 0; half < panels << 1; half++) {
    const distance = v128.load(tile + ((<usize>(half >> 1)) << 7) + ((<usize>(half & 1)) << 4));
    second = f32x4.min(second, f32x4.max(best, distance));
    chosen = v128.bitselect(index, chosen, f32x4.lt(distance, best));
    best = f32x4.min(best, distance);
    index = i32x4.add(index, i32x4.splat(4));
  }
  // The tile's own place is free now.
  v128.store(tile, best);
  v128.store(tile, second, 16);
  v128.store(tile, chosen, 128);
  let nearestCenter: i32 = load<i32>(tile, 128);
  let smallest: f32 = load<f32>(tile);
  let next: f32 = load<f32>(tile, 16);
  for (let lane: usize = 4; lane < 16; lane += 4) {
    const distance: f32 = load<f32>(tile + lane);
    const center: i32 = load<i32>(tile + lane, 128);
    next = min(next, min(load<f32>(tile + lane, 16), max(smallest, distance)));
    if (distance > smallest || (distance === smallest && center > nearestCenter)) continue;
    smallest = distance;
    nearestCenter = center;
  }
  const at: usize = (<usize>row) << 2;
  if (known > 0 && !(smallest < load<f32>(distances + at))) return;
  store<i32>(labels + at, known + nearestCenter);
  store<f32>(distances + at, smallest);
  if (bounds === 0) return;
  store<f32>(bounds + (at << 1), sqrt(smallest));
  store<f32>(bounds + (at << 1), sqrt(next), 4);
}

/**
 * One round of Lloyd's iteration: part p has the `partRows` rows from `from` + p · `partRows`, up to `to`. This thread does
 * the parts `thread`, `thread` + `threads`, …
 */
export function assign(from: i32, to: i32, partRows: i32, parts: i32, thread: i32, threads: i32): void {
  const partBytes: usize = (<usize>count * <usize>(columns + 1) + 1) << 3;
  for (let part: i32 = thread; part < parts; part += threads) {
    const start: i32 = from + part * partRows;
    const end: i32 = min(to, start + partRows);
    if (start >= end) continue;
    nearest(start, end, thread);
    addUp(start, end, sums + <usize>part * partBytes);
  }
}

/** What rounding may have done to bounds. */
const SLACK: f32 = 1e-5;

/**
 * `assign` after centers have moved: a row is only compared with all centers when its bounds do not tell that its center is
 * still the nearest (Hamerly 2010). Distances are then those of the last comparison.
 */
export function assignMoved(from: i32, to: i32, partRows: i32, parts: i32, thread: i32, threads: i32): void {
  const partBytes: usize = (<usize>count * <usize>(columns + 1) + 1) << 3;
  for (let part: i32 = thread; part < parts; part += threads) {
    const start: i32 = from + part * partRows;
    const end: i32 = min(to, start + partRows);
    if (start >= end) continue;
    searchUncertain(start, end, scratch + <usize>thread * scratchBytes);
    addUp(start, end, sums + <usize>part * partBytes);
  }
}

function searchUncertain(from: i32, to: i32, tiles: usize): void {
  let pending: i32 = 0;
  let row0: i32 = 0,
    row1: i32 = 0,
    row2: i32 = 0;
  for (let row: i32 = from; row < to; row++) {
    const place: usize = bounds + ((<usize>row) << 3);
    const label: i32 = load<i32>(labels + ((<usize>row) << 2));
    const upper: f32 = (load<f32>(place) + load<f32>(shifts + ((<usize>label) << 2))) * (1 + SLACK);
    const lower: f32 = (load<f32>(place, 4) - (label === farthest ? otherShift : farthestShift)) * (1 - SLACK);
    if (upper < lower) {
      store<f32>(place, upper);
      store<f32>(place, lower, 4);
      continue;
    }
    if (pending === 0) row0 = row;
    else if (pending === 1) row1 = row;
    else if (pending === 2) row2 = row;
    else search(row0, row1, row2, row, tiles);
    pending = pending === 3 ? 0 : pending + 1;
  }
  if (pending === 1) search(row0, row0, row0, row0, tiles);
  else if (pending === 2) search(row0, row1, row1, row1, tiles);
  else if (pending === 3) search(row0, row1, row2, row2, tiles);
}

/** `assign` without the sums. */
export function assignNearest(from: i32, to: i32, partRows: i32, parts: i32, thread: i32, threads: i32): void {
  for (let part: i32 = thread; part < parts; part += threads) {
    const start: i32 = from + part * partRows;
    const end: i32 = min(to, start + partRows);
    if (start < end) nearest(start, end, thread);
  }
}

function addUp(from: i32, to: i32, part: usize): void {
  const counts: usize = part + ((<usize>count * <usize>columns) << 3);
  const total: usize = counts + ((<usize>count) << 3);
  for (let row: i32 = from; row < to; row++) {
    const label: usize = <usize>load<i32>(labels + ((<usize>row) << 2));
    const weight: f64 = weights ? <f64>load<f32>(weights + ((<usize>row) << 2)) : 1;
    let source: usize = rows + ((<usize>row * <usize>columns) << 2);
    let target: usize = part + ((label * <usize>columns) << 3);
    const factor = f64x2.splat(weight);
    let column: i32 = 0;
    for (; column + 2 <= columns; column += 2) {
      const values = f64x2.promote_low_f32x4(v128.load64_zero(source));
      v128.store(target, f64x2.add(v128.load(target), f64x2.mul(values, factor)));
      source += 8;
      target += 16;
    }
    if (column < columns) store<f64>(target, load<f64>(target) + <f64>load<f32>(source) * weight);
    store<f64>(counts + (label << 3), load<f64>(counts + (label << 3)) + weight);
    store<f64>(total, load<f64>(total) + <f64>load<f32>(distances + ((<usize>row) << 2)) * weight);
  }
}

/**
 * Measures the first panel of centers as candidates: their distances to the rows of each part, and what would be left of
 * the weighted distances if one of them were added.
 */
export function measureCandidates(from: i32, to: i32, partRows: i32, parts: i32, thread: i32, threads: i32): void {
  for (let part: i32 = thread; part < parts; part += threads) {
    const start: i32 = from + part * partRows;
    const end: i32 = min(to, start + partRows);
    if (start < end) measurePart(start, end, potentials + ((<usize>part) << 6), scratch + <usize>thread * scratchBytes);
  }
}

/** Takes a measured candidate as a center: the rows `from` … `to` keep the smaller distance. */
export function keepCandidate(from: i32, to: i32, candidate: i32): void {
  for (let row: i32 = from; row < to; row++) {
    const place: usize = distances + ((<usize>row) << 2);
    const measured: f32 = load<f32>(candidates + ((<usize>row) << 5) + ((<usize>candidate) << 2));
    if (measured < load<f32>(place)) store<f32>(place, measured);
  }
}

function measurePart(from: i32, to: i32, potential: usize, tiles: usize): void {
  const rowBytes: usize = (<usize>columns) << 2;
  for (let row: i32 = from; row < to; row += 4) {
    const last: i32 = min(to - 1 - row, 3);
    const x0: usize = rows + <usize>row * rowBytes;
    const x1: usize = x0 + (last > 0 ? rowBytes : 0);
    const x2: usize = x1 + (last > 1 ? rowBytes : 0);
    const x3: usize = x2 + (last > 2 ? rowBytes : 0);
    measureTile(x0, x1, x2, x3, centers, columns, 0, tiles);
    for (let lane: i32 = 0; lane <= last; lane++) {
      const tile: usize = tiles + ((<usize>lane) << 5);
      const target: usize = candidates + ((<usize>(row + lane)) << 5);
      v128.store(target, v128.load(tile));
      v128.store(target, v128.load(tile, 16), 16);
      const known = f32x4.splat(load<f32>(distances + ((<usize>(row + lane)) << 2)));
      const weight = f64x2.splat(weights ? <f64>load<f32>(weights + ((<usize>(row + lane)) << 2)) : 1);
      addPotentials(potential, f32x4.min(known, v128.load(tile)), weight);
      addPotentials(potential + 32, f32x4.min(known, v128.load(tile, 16)), weight);
    }
  }
}

function addPotentials(address: usize, values: v128, weight: v128): void {
  const upper = i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  const low = f64x2.mul(f64x2.promote_low_f32x4(values), weight);
  const high = f64x2.mul(f64x2.promote_low_f32x4(upper), weight);
  v128.store(address, f64x2.add(v128.load(address), low));
  v128.store(address, f64x2.add(v128.load(address, 16), high), 16);
}
