// Histogram gradient boosting (Chen & Guestrin 2016): many trees in one call where nothing has to be done between them, else step by step. Every thread calls
// the same functions with its number. AssemblyScript, SIMD; gradient-boosting.ts is the scalar reference, gradient-boosting-layout.ts the memory.

import {
  LOGISTIC,
  logistic,
  roundDerivatives,
  SOFTMAX,
  SQUARED_ERROR,
  softmax,
  squaredError,
} from "./gradient-boosting-gradients.as";
import { collectCandidates, listed, plant, splitBatch } from "./gradient-boosting-growth.as";
import { build, subtract } from "./gradient-boosting-histograms.as";
import {
  barrier,
  blocks,
  controlAddress,
  countRows,
  enter,
  LEFT,
  NODE_COUNT,
  node,
  nodeCounts,
  outputs,
  SEARCH,
  SEARCH_COUNT,
  SLOT,
  SPLIT_COUNT,
  scratchOf,
  splits,
  thread,
  threads,
  UNDIVIDED,
} from "./gradient-boosting-memory.as";
import { addLeaves, divide, divideNothing, startRows } from "./gradient-boosting-rows.as";
import { search } from "./gradient-boosting-splits.as";

export { bin, makeCuts } from "./gradient-boosting-binning.as";
export {
  judge,
  judgedLabels,
  judgedMargins,
  judgedOutputs,
  judgedRows,
  judgedStride,
  judgedWeights,
  judgements,
} from "./gradient-boosting-judgement.as";
export {
  alpha,
  barrierAddress,
  batchLimit,
  binCounts,
  binOffsets,
  blocks,
  blockTable,
  candidates,
  categoryMaps,
  columnBins,
  columnMasks,
  columns,
  columnsByLevel,
  columnsByNode,
  columnsByTree,
  constraintSetCount,
  constraintSets,
  controlAddress,
  cuts,
  exactBits,
  firsts,
  gamma,
  keepRows,
  kinds,
  labels,
  lambda,
  learningRate,
  lossGuided,
  margins,
  maxBins,
  maxCategoryThreshold,
  maxDeltaStep,
  maxDepth,
  maxLeaves,
  minChildWeight,
  minDataInLeaf,
  minimumQuanta,
  missingFlags,
  monotone,
  nodeArena,
  nodeCounts,
  nodeLimit,
  outputs,
  pairs,
  paths,
  plainGain,
  positiveWeight,
  queue,
  rowIndexes,
  rowStride,
  rows,
  scratch,
  scratchBytes,
  searched,
  seconds,
  seed,
  segmentBytes,
  segments,
  slotBytes,
  slotCount,
  slotOwners,
  slots,
  splits,
  staging,
  subsample,
  threads,
  treeMask,
  weights,
} from "./gradient-boosting-memory.as";

// @inline
function searchIfWanted(index: i32, slot: i32, blockIndex: i32): void {
  if (load<i32>(node(index) + SEARCH) >= 0) search(index, slot, blockIndex);
}

/** Histograms of a split node's children in one block and their best splits there. */
function searchChildren(index: i32, blockIndex: i32): void {
  const left = load<i32>(node(index) + LEFT);
  const right = left + 1;
  const area = scratchOf(thread);
  const isLeftSearched = load<i32>(node(left) + SEARCH) >= 0;
  const isRightSearched = load<i32>(node(right) + SEARCH) >= 0;
  if (!isLeftSearched && !isRightSearched) return;
  const leftSlot = load<i32>(node(left) + SLOT);
  const rightSlot = load<i32>(node(right) + SLOT);
  if (load<i32>(node(index) + SLOT) < 0) {
    if (isLeftSearched) build(left, leftSlot, blockIndex, area);
    if (isRightSearched) build(right, rightSlot, blockIndex, area);
    searchIfWanted(left, leftSlot, blockIndex);
    searchIfWanted(right, rightSlot, blockIndex);
    return;
  }
  const isLeftSmaller = countRows(left) <= countRows(right);
  const smaller = isLeftSmaller ? left : right;
  const larger = isLeftSmaller ? right : left;
  build(smaller, leftSlot, blockIndex, area);
  searchIfWanted(smaller, leftSlot, blockIndex);
  if (load<i32>(node(larger) + SEARCH) < 0) return;
  subtract(rightSlot, leftSlot, blockIndex);
  search(larger, rightSlot, blockIndex);
}

/** Derivatives of a loss that the kernel knows, of all outputs. */
export function derive(number: i32, loss: i32): void {
  enter(number, 0);
  if (loss === SQUARED_ERROR) squaredError(number);
  else if (loss === LOGISTIC) logistic(number);
  else if (loss === SOFTMAX) softmax(number);
}

function begin(tree: i32, output: i32): void {
  roundDerivatives(thread, tree, output);
  startRows(thread);
  if (thread === 0) plant(tree);
  barrier();
  if (load<i32>(controlAddress + SEARCH_COUNT) !== 0) {
    for (let index = thread; index < blocks; index += threads) {
      build(0, load<i32>(node(0) + SLOT), index, scratchOf(thread));
      search(0, load<i32>(node(0) + SLOT), index);
    }
  }
  barrier();
  if (thread === 0) collectCandidates();
}

/** Splits a batch of nodes; false when there was none left. */
function step(): bool {
  if (thread === 0) splitBatch();
  barrier();
  // Both are read before the next barrier, since behind it thread 0 may already be deciding the next step.
  const count = load<i32>(controlAddress + SPLIT_COUNT);
  const searchCount = load<i32>(controlAddress + SEARCH_COUNT);
  if (count === 0) return false;
  for (let place = 0; place < count; place++) {
    const index = listed(splits, place);
    if (load<i32>(node(index) + UNDIVIDED)) divideNothing(index, thread);
    else divide(index, thread);
  }
  barrier();
  if (searchCount !== 0) {
    for (let blockIndex = thread; blockIndex < blocks; blockIndex += threads) {
      for (let place = 0; place < count; place++) searchChildren(listed(splits, place), blockIndex);
    }
    barrier();
  }
  if (thread === 0) collectCandidates();
  return true;
}

/** Starts tree number `tree` of the training, on one output's derivatives; the first level is searched. */
export function beginTree(number: i32, tree: i32, output: i32): void {
  enter(number, 0);
  begin(tree, output);
}

/** Goes on with the tree that was begun; 1 when there may be more to do. */
export function growTree(number: i32, steps: i32): i32 {
  enter(number, 0);
  for (let done = 0; done < steps; done++) {
    if (step()) continue;
    if (number === 0) store<i32>(nodeCounts, load<i32>(controlAddress + NODE_COUNT));
    return 0;
  }
  return 1;
}

/** Adds the leaf values of the tree that was grown to the margins. */
export function applyTree(number: i32, output: i32): void {
  enter(number, 0);
  addLeaves(load<i32>(nodeCounts), output, number);
}

/** Whole rounds: derivatives, `parallel` trees for each output, leaf values. */
export function boost(number: i32, firstTree: i32, treeCount: i32, lossAndParallel: i32): void {
  const loss = lossAndParallel & 3;
  const parallel = lossAndParallel >> 2;
  for (let index = 0; index < treeCount; index++) {
    const tree = firstTree + index;
    const output = (tree / parallel) % outputs;
    if (tree % (parallel * outputs) === 0) derive(number, loss);
    enter(number, index);
    begin(tree, output);
    while (step()) continue;
    if (number === 0) store<i32>(nodeCounts + ((<usize>index) << 2), load<i32>(controlAddress + NODE_COUNT));
    addLeaves(load<i32>(controlAddress + NODE_COUNT), output, number);
    // The next tree's root is not to be planted while others read this one's.
    barrier();
  }
}
