// The k nearest of many references for each query, by a scan over all of them (or over a list of them) with a heap for
// each query. AssemblyScript, SIMD over tiles of 4 queries × 8 references; the scalar reference of the
// distances is distances.ts.

import { measureTile } from "./distance-tile.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */
export let columns: i32 = 0;
export let neighbours: i32 = 0;
/** 1: inner products instead of squared Euclidean distances. */
export let products: i32 = 0;
/** Per query: a heap of `neighbours` distances, the greatest first, and the references that they belong to. */
export let distances: usize = 0;
export let references: usize = 0;
/** Per query the numbers of `probes` lists. */
export let chosenLists: usize = 0;
export let probes: i32 = 0;
/** Of list i the references `listStarts[i]` … `listStarts[i + 1]`, which lie from panel `listPanels[i]` of `listRows` on. */
export let listStarts: usize = 0;
export let listPanels: usize = 0;
export let listRows: usize = 0;
/** Which references they are. */
export let listNumbers: usize = 0;
/** 128 bytes for each thread. */
export let scratch: usize = 0;

/** References that stay in the cache while all queries pass. */
const BLOCK_BYTES: i32 = 131072;

/** Empties the heaps of the queries `from` … `to`. */
export function clear(from: i32, to: i32): void {
  for (let place: i32 = from * neighbours; place < to * neighbours; place++) {
    store<f32>(distances + ((<usize>place) << 2), f32.POSITIVE_INFINITY);
    store<i32>(references + ((<usize>place) << 2), i32.MAX_VALUE);
  }
}

/**
 * Compares the queries `from` … `to` (of `queries`, row after row) with `count` references in panels of 8 at `packed`. `numbers`
 * says which references they are; without it (0) they are counted from 0.
 */
export function scan(queries: usize, from: i32, to: i32, packed: usize, count: i32, numbers: usize, thread: i32): void {
  const rowBytes: usize = (<usize>columns) << 2;
  const tile: usize = scratch + ((<usize>thread) << 7);
  const panels: i32 = (count + 7) >> 3;
  const block: i32 = max(1, BLOCK_BYTES / (max(columns, 1) << 5));
  for (let start: i32 = 0; start < panels; start += block) {
    const end: i32 = min(panels, start + block);
    for (let query: i32 = from; query < to; query += 4) {
      const last: i32 = min(to - 1 - query, 3);
      const x0: usize = queries + <usize>query * rowBytes;
      const x1: usize = x0 + (last > 0 ? rowBytes : 0);
      const x2: usize = x1 + (last > 1 ? rowBytes : 0);
      const x3: usize = x2 + (last > 2 ? rowBytes : 0);
      for (let panel: i32 = start; panel < end; panel++) {
        const address: usize = packed + <usize>panel * (rowBytes << 3);
        measureTile(x0, x1, x2, x3, address, columns, products, tile);
        for (let lane: i32 = 0; lane <= last; lane++) {
          keepNearest(query + lane, panel << 3, count, numbers, tile + ((<usize>lane) << 5));
        }
      }
    }
  }
}

/** Compares each of the queries `from` … `to` with the references of the lists that were chosen for it. */
export function scanLists(queries: usize, from: i32, to: i32, thread: i32): void {
  const panelBytes: usize = (<usize>columns) << 5;
  for (let query: i32 = from; query < to; query++) {
    for (let probe: i32 = 0; probe < probes; probe++) {
      const list: usize = <usize>load<i32>(chosenLists + ((<usize>(query * probes + probe)) << 2));
      const start: i32 = load<i32>(listStarts + (list << 2));
      const count: i32 = load<i32>(listStarts + (list << 2), 4) - start;
      const address: usize = listRows + <usize>load<i32>(listPanels + (list << 2)) * panelBytes;
      scan(queries, query, query + 1, address, count, listNumbers + ((<usize>start) << 2), thread);
    }
  }
}

function keepNearest(query: i32, first: i32, count: i32, numbers: usize, tile: usize): void {
  const heap: usize = (<usize>query * <usize>neighbours) << 2;
  const smallest = f32x4.min(v128.load(tile), v128.load(tile, 16));
  if (!v128.any_true(f32x4.lt(smallest, f32x4.splat(load<f32>(distances + heap))))) return;
  const lanes: i32 = min(8, count - first);
  for (let lane: i32 = 0; lane < lanes; lane++) {
    const distance: f32 = load<f32>(tile + ((<usize>lane) << 2));
    if (!(distance < load<f32>(distances + heap))) continue;
    const reference: i32 = numbers ? load<i32>(numbers + ((<usize>(first + lane)) << 2)) : first + lane;
    siftDown(distances + heap, references + heap, neighbours, distance, reference);
  }
}

/** Puts an entry in the place of the first and lets it sink; of equal distances the higher reference is the greater. */
function siftDown(keys: usize, values: usize, length: i32, key: f32, value: i32): void {
  let place: i32 = 0;
  while (true) {
    let child: i32 = 2 * place + 1;
    if (child >= length) break;
    if (child + 1 < length && isGreater(keys, values, child + 1, child)) child++;
    const childKey: f32 = load<f32>(keys + ((<usize>child) << 2));
    const childValue: i32 = load<i32>(values + ((<usize>child) << 2));
    if (childKey < key || (childKey === key && childValue <= value)) break;
    store<f32>(keys + ((<usize>place) << 2), childKey);
    store<i32>(values + ((<usize>place) << 2), childValue);
    place = child;
  }
  store<f32>(keys + ((<usize>place) << 2), key);
  store<i32>(values + ((<usize>place) << 2), value);
}

function isGreater(keys: usize, values: usize, left: i32, right: i32): boolean {
  const leftKey: f32 = load<f32>(keys + ((<usize>left) << 2));
  const rightKey: f32 = load<f32>(keys + ((<usize>right) << 2));
  if (leftKey !== rightKey) return leftKey > rightKey;
  return load<i32>(values + ((<usize>left) << 2)) > load<i32>(values + ((<usize>right) << 2));
}

/** Turns the heaps of the queries `from` … `to` into lists, the nearest first. */
export function sort(from: i32, to: i32): void {
  for (let query: i32 = from; query < to; query++) {
    const heap: usize = (<usize>query * <usize>neighbours) << 2;
    for (let length: i32 = neighbours - 1; length > 0; length--) {
      const keys: usize = distances + heap;
      const values: usize = references + heap;
      const end: usize = (<usize>length) << 2;
      const key: f32 = load<f32>(keys + end);
      const value: i32 = load<i32>(values + end);
      store<f32>(keys + end, load<f32>(keys));
      store<i32>(values + end, load<i32>(values));
      siftDown(keys, values, length, key, value);
    }
  }
}
