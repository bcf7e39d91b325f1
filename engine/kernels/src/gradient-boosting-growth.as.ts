// How a tree grows, as XGBoost's Driver does: nodes whose best split is known wait in a queue; a batch of them is split, their children are searched. Thread 0
// decides, between barriers; all threads divide rows and search.
import {
  BIN,
  batchLimit,
  CANDIDATE_BYTES,
  CATEGORICAL,
  CATEGORY_BITS,
  COLUMN,
  candidate,
  columnMasks,
  columns,
  columnsByLevel,
  columnsByNode,
  columnsByTree,
  constraintSetCount,
  constraintSets,
  controlAddress,
  countRows,
  DEFAULT_LEFT,
  DEPTH,
  gamma,
  HESSIAN,
  keepRows,
  LEAF_COUNT,
  LEFT,
  LEFT_SUM,
  LOSS_CHANGE,
  LOWER,
  learningRate,
  lossGuided,
  maxDepth,
  maxLeaves,
  minChildWeight,
  monotone,
  NODE_COUNT,
  node,
  nodeLimit,
  paths,
  QUEUE_BEGIN,
  QUEUE_END,
  queue,
  RIGHT,
  randomBits,
  SCALES,
  SEARCH,
  SEARCH_COUNT,
  SETTLED,
  SLOT,
  SPLIT_COUNT,
  SUM,
  searched,
  seed,
  slotCount,
  slotOwners,
  splits,
  TOTAL,
  TREE,
  threads,
  treeMask,
  UNDIVIDED,
  UPPER,
  VALUE,
  WAITING,
  WEIGHT,
} from "./gradient-boosting-memory.as";
import { leafGain, leafWeight } from "./gradient-boosting-splits.as";

/** A split that saves less is none. */
const LEAST_GAIN: f64 = 1e-6;

// @inline
function control(field: usize): i32 {
  return load<i32>(controlAddress + field);
}

// @inline
function setControl(field: usize, value: i32): void {
  store<i32>(controlAddress + field, value);
}

// @inline
export function listed(list: usize, index: i32): i32 {
  return load<i32>(list + ((<usize>index) << 2));
}

/** Leaves a share of a mask's columns, at least one, each with the same chance. */
function sampleColumns(mask: usize, share: f64, sequence: u32): void {
  if (share >= 1) return;
  let left = 0;
  for (let column = 0; column < columns; column++) left += load<u8>(mask + <usize>column);
  let wanted = max(1, <i32>(share * <f64>left));
  for (let column = 0; column < columns; column++) {
    if (load<u8>(mask + <usize>column) === 0) continue;
    const isTaken = <u64>randomBits(sequence, column) * <u64>left < (<u64>wanted) << 32;
    if (isTaken) wanted--;
    else store<u8>(mask + <usize>column, 0);
    left--;
  }
}

/** A column may follow those of the path when one set of the constraints has them all. */
function allowInteractions(index: i32, mask: usize): void {
  const path = paths + <usize>index * <usize>columns;
  memory.copy(mask, path, columns);
  for (let set = 0; set < constraintSetCount; set++) {
    const members = constraintSets + <usize>(set * columns);
    let hasAll = true;
    for (let column = 0; column < columns && hasAll; column++) {
      hasAll = load<u8>(path + <usize>column) <= load<u8>(members + <usize>column);
    }
    if (!hasAll) continue;
    for (let column = 0; column < columns; column++) {
      store<u8>(mask + <usize>column, load<u8>(mask + <usize>column) | load<u8>(members + <usize>column));
    }
  }
  for (let column = 0; column < columns; column++) {
    store<u8>(mask + <usize>column, load<u8>(mask + <usize>column) & load<u8>(treeMask + <usize>column));
  }
}

function chooseColumns(index: i32, place: i32): void {
  const mask = columnMasks + <usize>(place * columns);
  if (index !== 0 && constraintSetCount !== 0) allowInteractions(index, mask);
  else memory.copy(mask, treeMask, columns);
  const tree = randomBits(seed + 1, control(TREE));
  sampleColumns(mask, columnsByLevel, randomBits(tree + 1, load<i32>(node(index) + DEPTH)));
  sampleColumns(mask, columnsByNode, randomBits(tree + 2, index));
}

/** A histogram that nobody needs, or that of a waiting node, which is summed anew if its turn comes. */
function takeSlot(owner: i32): i32 {
  let taken = -1;
  for (let slot = 0; slot < slotCount; slot++) {
    const current = listed(slotOwners, slot);
    if (current < 0) {
      taken = slot;
      break;
    }
    if (load<i32>(node(current) + SEARCH) === WAITING) taken = slot;
  }
  const evicted = listed(slotOwners, taken);
  if (evicted >= 0) store<i32>(node(evicted) + SLOT, -1);
  store<i32>(slotOwners + ((<usize>taken) << 2), owner);
  return taken;
}

function giveSlot(index: i32, slot: i32): void {
  store<i32>(node(index) + SLOT, slot);
  store<i32>(slotOwners + ((<usize>slot) << 2), index);
}

function freeSlot(index: i32): void {
  const slot = load<i32>(node(index) + SLOT);
  if (slot >= 0) store<i32>(slotOwners + ((<usize>slot) << 2), -1);
  store<i32>(node(index) + SLOT, -1);
}

/** Writes a node that is a leaf so far. Bounds and depth are there. */
function describe(index: i32, sum: v128, bounds: usize): void {
  const from = node(index);
  const weight = leafWeight(sum, bounds);
  v128.store(from + SUM, sum);
  store<i32>(from + LEFT, -1);
  store<i32>(from + RIGHT, -1);
  store<i32>(from + SLOT, -1);
  store<i32>(from + UNDIVIDED, 0);
  store<f32>(from + WEIGHT, <f32>weight);
  store<f32>(from + VALUE, <f32>weight * <f32>learningRate);
  store<f32>(from + HESSIAN, <f32>(f64x2.extract_lane(sum, 0) / load<f64>(controlAddress + SCALES)));
}

/** Puts a node among those that are searched, unless no split of it could be valid. */
function consider(index: i32): bool {
  const from = node(index);
  const least = 2 * minChildWeight * load<f64>(controlAddress + SCALES);
  const isDeep = maxDepth !== 0 && load<i32>(from + DEPTH) >= maxDepth;
  const isFull = maxLeaves !== 0 && control(LEAF_COUNT) >= maxLeaves;
  if (isDeep || isFull || load<f64>(from + SUM) < least || control(NODE_COUNT) + 2 > nodeLimit) {
    store<i32>(from + SEARCH, SETTLED);
    return false;
  }
  const place = control(SEARCH_COUNT);
  store<i32>(from + SEARCH, place);
  store<i32>(searched + ((<usize>place) << 2), index);
  setControl(SEARCH_COUNT, place + 1);
  chooseColumns(index, place);
  const gain = leafGain(v128.load(from + SUM), from);
  for (let owner = 0; owner < threads; owner++) {
    const empty = candidate(place, owner);
    memory.fill(empty, 0, CANDIDATE_BYTES);
    store<f64>(empty + LOSS_CHANGE, gain);
    store<i32>(empty + COLUMN, -1);
  }
  return true;
}

/** The root of a new tree. */
export function plant(tree: i32): void {
  setControl(TREE, tree);
  setControl(NODE_COUNT, 1);
  setControl(LEAF_COUNT, 1);
  setControl(QUEUE_BEGIN, 0);
  setControl(QUEUE_END, 0);
  setControl(SPLIT_COUNT, 0);
  setControl(SEARCH_COUNT, 0);
  for (let slot = 0; slot < slotCount; slot++) store<i32>(slotOwners + ((<usize>slot) << 2), -1);
  memory.fill(treeMask, 1, columns);
  sampleColumns(treeMask, columnsByTree, randomBits(seed + 1, tree));
  if (constraintSetCount !== 0) memory.fill(paths, 0, columns);
  const root = node(0);
  store<f64>(root + LOWER, -Infinity);
  store<f64>(root + UPPER, Infinity);
  store<i32>(root + DEPTH, 0);
  describe(0, v128.load(controlAddress + TOTAL), root);
  if (consider(0)) giveSlot(0, takeSlot(0));
}

/** The children's weights stay on their sides of the middle (monotone constraints). */
function narrowBounds(from: usize, left: usize, right: usize): void {
  v128.store(left + LOWER, v128.load(from + LOWER));
  v128.store(right + LOWER, v128.load(from + LOWER));
  if (monotone === 0) return;
  const direction = load<i32>(monotone + ((<usize>load<i32>(from + COLUMN)) << 2));
  const middle = (<f64>load<f32>(left + WEIGHT) + <f64>load<f32>(right + WEIGHT)) / 2;
  if (direction > 0) {
    store<f64>(left + UPPER, middle);
    store<f64>(right + LOWER, middle);
  } else if (direction < 0) {
    store<f64>(left + LOWER, middle);
    store<f64>(right + UPPER, middle);
  }
}

function split(index: i32): void {
  const from = node(index);
  const left = control(NODE_COUNT);
  setControl(NODE_COUNT, left + 2);
  setControl(LEAF_COUNT, control(LEAF_COUNT) + 1);
  store<i32>(from + LEFT, left);
  store<i32>(from + RIGHT, left + 1);
  const leftSum = v128.load(from + LEFT_SUM);
  describe(left, leftSum, from);
  describe(left + 1, f64x2.sub(v128.load(from + SUM), leftSum), from);
  narrowBounds(from, node(left), node(left + 1));
  for (let child = left; child < left + 2; child++) {
    store<i32>(node(child) + DEPTH, load<i32>(from + DEPTH) + 1);
    if (constraintSetCount === 0) continue;
    const path = paths + <usize>(child * columns);
    memory.copy(path, paths + <usize>(index * columns), columns);
    store<u8>(path + <usize>load<i32>(from + COLUMN), 1);
  }
  const isLeftSearched = consider(left);
  const isRightSearched = consider(left + 1);
  const inherited = load<i32>(from + SLOT);
  if (!isLeftSearched && !isRightSearched) {
    freeSlot(index);
    store<i32>(from + UNDIVIDED, 1 - keepRows);
  } else if (inherited >= 0) {
    // The larger child will take this one over; which that is will be known when the rows are divided.
    giveSlot(left + 1, inherited);
    giveSlot(left, takeSlot(left));
  } else {
    if (isLeftSearched) giveSlot(left, takeSlot(left));
    if (isRightSearched) giveSlot(left + 1, takeSlot(left + 1));
  }
}

/** Loss-guided: the waiting node that saves most, the older one of two equals. Depth-wise: the oldest. */
function nextInQueue(): i32 {
  const begin = control(QUEUE_BEGIN);
  let chosen = begin;
  if (lossGuided) {
    for (let place = begin + 1; place < control(QUEUE_END); place++) {
      const other = listed(queue, place);
      const current = listed(queue, chosen);
      const difference = load<f64>(node(other) + LOSS_CHANGE) - load<f64>(node(current) + LOSS_CHANGE);
      if (difference > 0 || (difference === 0 && other < current)) chosen = place;
    }
  }
  const index = listed(queue, chosen);
  store<i32>(queue + ((<usize>chosen) << 2), listed(queue, begin));
  setControl(QUEUE_BEGIN, begin + 1);
  return index;
}

/** Splits the next batch of waiting nodes and says which of their children are to be searched. */
export function splitBatch(): void {
  setControl(SPLIT_COUNT, 0);
  setControl(SEARCH_COUNT, 0);
  let depth = -1;
  while (control(QUEUE_BEGIN) < control(QUEUE_END) && control(SPLIT_COUNT) < batchLimit) {
    const nextDepth = load<i32>(node(listed(queue, control(QUEUE_BEGIN))) + DEPTH);
    // A level at a time, so that its children wait behind all of it.
    if (!lossGuided && depth >= 0 && nextDepth !== depth) break;
    depth = nextDepth;
    const index = nextInQueue();
    const isFull = maxLeaves !== 0 && control(LEAF_COUNT) >= maxLeaves;
    store<i32>(node(index) + SEARCH, SETTLED);
    if (isFull || control(NODE_COUNT) + 2 > nodeLimit) {
      freeSlot(index);
      continue;
    }
    const count = control(SPLIT_COUNT);
    store<i32>(splits + ((<usize>count) << 2), index);
    setControl(SPLIT_COUNT, count + 1);
    split(index);
  }
}

/** The smaller child's histogram was summed into the fresh slot, the larger one's is left in the parent's. */
function settleSlots(index: i32): void {
  const left = load<i32>(node(index) + LEFT);
  if (load<i32>(node(index) + SLOT) >= 0 && countRows(left) > countRows(left + 1)) {
    const fresh = load<i32>(node(left) + SLOT);
    giveSlot(left, load<i32>(node(left + 1) + SLOT));
    giveSlot(left + 1, fresh);
  }
  store<i32>(node(index) + SLOT, -1);
  for (let child = left; child < left + 2; child++) {
    if (load<i32>(node(child) + SEARCH) === SETTLED) freeSlot(child);
  }
}

/** Takes the best split that any thread found for each searched node; the node waits for its turn, or stays a leaf. */
export function collectCandidates(): void {
  for (let place = 0; place < control(SPLIT_COUNT); place++) {
    const index = listed(splits, place);
    if (!load<i32>(node(index) + UNDIVIDED)) settleSlots(index);
  }
  for (let place = 0; place < control(SEARCH_COUNT); place++) {
    const index = listed(searched, place);
    const from = node(index);
    let best = candidate(place, 0);
    for (let owner = 1; owner < threads; owner++) {
      const other = candidate(place, owner);
      const difference = load<f64>(other + LOSS_CHANGE) - load<f64>(best + LOSS_CHANGE);
      const isEarlier = load<u32>(other + COLUMN) < load<u32>(best + COLUMN);
      if (difference > 0 || (difference === 0 && isEarlier)) best = other;
    }
    const saved = load<f64>(best + LOSS_CHANGE) - leafGain(v128.load(from + SUM), from);
    if (load<i32>(best + COLUMN) < 0 || !(saved > LEAST_GAIN) || saved < gamma) {
      store<i32>(from + SEARCH, SETTLED);
      freeSlot(index);
      continue;
    }
    store<f64>(from + LOSS_CHANGE, saved);
    store<i32>(from + COLUMN, load<i32>(best + COLUMN));
    store<i32>(from + BIN, load<i32>(best + BIN));
    store<i32>(from + DEFAULT_LEFT, load<i32>(best + DEFAULT_LEFT));
    store<i32>(from + CATEGORICAL, load<i32>(best + CATEGORICAL));
    v128.store(from + LEFT_SUM, v128.load(best + LEFT_SUM));
    memory.copy(from + CATEGORY_BITS, best + CATEGORY_BITS, 32);
    store<i32>(from + SEARCH, WAITING);
    const end = control(QUEUE_END);
    store<i32>(queue + ((<usize>end) << 2), index);
    setControl(QUEUE_END, end + 1);
  }
}
