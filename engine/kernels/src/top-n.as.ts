// The best items for many users: scores from weights between items (sparse) or from factors (dense), what is excluded taken
// out, the largest picked in one pass. The scalar reference is top-n.ts.
import { horizontalSum } from "./lanes.as";
import { columnOf, keyOf, scoreOf, selectLargest, sortLargestFirst } from "./largest-keys.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
export let items: i32 = 0;
export let count: i32 = 0;
/** Weights between items: of the item of a history, the items that it speaks for. */
export let weightStarts: usize = 0;
export let weightItems: usize = 0;
export let weights: usize = 0;
/** What each user did: items and how much they count. */
export let historyStarts: usize = 0;
export let historyItems: usize = 0;
export let historyWeights: usize = 0;
/** Added to every score: of each item. 0: nothing. */
export let offsets: usize = 0;
/** Factors of items and users, in rows of `stride` floats, a multiple of 4; users padded to whole blocks of 4. */
export let stride: i32 = 0;
export let itemFactors: usize = 0;
export let userFactors: usize = 0;
/** Items that a user is not shown. */
export let excludedStarts: usize = 0;
export let excludedItems: usize = 0;
/** One byte for each item, 0 for those that nobody is shown; 0: all are. */
export let allowed: usize = 0;
export let nextUser: usize = 0;
export let rankedItems: usize = 0;
export let rankedScores: usize = 0;
export let rankedCounts: usize = 0;

const BLOCK: i32 = 4;

function word(address: usize, index: u32): u32 {
  return load<u32>(address + ((<usize>index) << 2));
}

function paddedItems(): i32 {
  return (items + 3) & ~3;
}

/** Bytes that a thread needs at its `workspace`: scores of a block of users, then keys. */
export function workspaceBytes(): usize {
  return ((<usize>paddedItems()) << 2) * BLOCK + ((<usize>(4 * count + 64)) << 3);
}

/** Picks the `count` best of the scores that are above −∞, the best first; returns how many there are. */
function pick(scores: usize, keys: usize): i32 {
  const capacity = 4 * count + 64 - 4;
  let length: i32 = 0;
  let threshold: f32 = -Infinity;
  let bound = f32x4.splat(threshold);
  for (let first = 0; first < items; first += 4) {
    let lanes = i32x4.bitmask(f32x4.gt(v128.load(scores + ((<usize>first) << 2)), bound));
    while (lanes !== 0) {
      const column = first + ctz(lanes);
      lanes &= lanes - 1;
      store<u64>(keys + ((<usize>length) << 3), keyOf(load<f32>(scores + ((<usize>column) << 2)), column));
      length++;
    }
    if (length < capacity) continue;
    selectLargest(keys, length, count);
    length = count;
    let least = load<u64>(keys);
    for (let index = 1; index < length; index++) least = min(least, load<u64>(keys + ((<usize>index) << 3)));
    threshold = scoreOf(least);
    bound = f32x4.splat(threshold);
  }
  selectLargest(keys, length, count);
  length = min(length, count);
  sortLargestFirst(keys, length);
  return length;
}

/** Takes out what the user is not shown and writes the best of the rest. */
function rank(user: i32, scores: usize, keys: usize): void {
  for (let item = items; item < paddedItems(); item++) store<f32>(scores + ((<usize>item) << 2), -Infinity);
  if (excludedStarts !== 0) {
    for (let entry = word(excludedStarts, user), end = word(excludedStarts, user + 1); entry < end; entry++) {
      store<f32>(scores + ((<usize>word(excludedItems, entry)) << 2), -Infinity);
    }
  }
  if (allowed !== 0) {
    for (let item = 0; item < items; item++) {
      if (load<u8>(allowed + <usize>item) === 0) store<f32>(scores + ((<usize>item) << 2), -Infinity);
    }
  }
  const length = pick(scores, keys);
  store<i32>(rankedCounts + ((<usize>user) << 2), length);
  const place: usize = (<usize>user * <usize>count) << 2;
  for (let index: usize = 0; index < <usize>length; index++) {
    const key = load<u64>(keys + (index << 3));
    store<u32>(rankedItems + place + (index << 2), columnOf(key));
    store<f32>(rankedScores + place + (index << 2), scoreOf(key));
  }
}

function scoreByWeights(user: i32, scores: usize): void {
  const bytes: usize = (<usize>items) << 2;
  if (offsets === 0) memory.fill(scores, 0, bytes);
  else memory.copy(scores, offsets, bytes);
  for (let event = word(historyStarts, user), last = word(historyStarts, user + 1); event < last; event++) {
    const item = word(historyItems, event);
    const factor = load<f32>(historyWeights + ((<usize>event) << 2));
    for (let entry = word(weightStarts, item), end = word(weightStarts, item + 1); entry < end; entry++) {
      const place = scores + ((<usize>word(weightItems, entry)) << 2);
      store<f32>(place, load<f32>(place) + factor * load<f32>(weights + ((<usize>entry) << 2)));
    }
  }
}

/** Scores of four users at once, so that a row of item factors is read once for them. */
function scoreByFactors(user: i32, scores: usize): void {
  const rowBytes: usize = (<usize>stride) << 2;
  const scoreBytes: usize = (<usize>paddedItems()) << 2;
  const query = userFactors + <usize>user * rowBytes;
  for (let item = 0; item < items; item++) {
    const row = itemFactors + <usize>item * rowBytes;
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let lane: usize = 0; lane < rowBytes; lane += 16) {
      const factors = v128.load(row + lane);
      const address = query + lane;
      a = f32x4.add(a, f32x4.mul(factors, v128.load(address)));
      b = f32x4.add(b, f32x4.mul(factors, v128.load(address + rowBytes)));
      c = f32x4.add(c, f32x4.mul(factors, v128.load(address + rowBytes * 2)));
      d = f32x4.add(d, f32x4.mul(factors, v128.load(address + rowBytes * 3)));
    }
    const offset: f32 = offsets === 0 ? 0 : load<f32>(offsets + ((<usize>item) << 2));
    const place = scores + ((<usize>item) << 2);
    store<f32>(place, horizontalSum(a) + offset);
    store<f32>(place + scoreBytes, horizontalSum(b) + offset);
    store<f32>(place + scoreBytes * 2, horizontalSum(c) + offset);
    store<f32>(place + scoreBytes * 3, horizontalSum(d) + offset);
  }
}

/** Ranks users that nobody else took, until all from `first` (a multiple of 4) up to `end` are done. */
export function rankUsers(first: i32, end: i32, workspace: usize): void {
  const scoreBytes: usize = (<usize>paddedItems()) << 2;
  const keys = workspace + scoreBytes * BLOCK;
  for (;;) {
    const from = first + atomic.add<i32>(nextUser, BLOCK);
    if (from >= end) return;
    if (itemFactors !== 0) scoreByFactors(from, workspace);
    for (let user = from, last = min(from + BLOCK, end); user < last; user++) {
      const scores = itemFactors === 0 ? workspace : workspace + <usize>(user - from) * scoreBytes;
      if (itemFactors === 0) scoreByWeights(user, scores);
      rank(user, scores, keys);
    }
  }
}
