import type { BoostingSettings, BoostingShape } from "@rondo/kernels";
import type { TableFitContext } from "../../table/table-algorithm.ts";
import type { GradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import type { Objective } from "../objectives/objective.ts";
import type { CategoryColumn } from "./category-bins.ts";
import { readInteractionConstraints, readMonotoneConstraints } from "./column-constraints.ts";

const MOST_NODES = 131_071;
/** Of a column's values; the last of a byte's 256 numbers is for missing ones. */
const MOST_BINS = 255;
const BATCH = 32;
const LOSS_GUIDED_SLOTS = 258;
/** Of histograms that wait for their node's turn. */
const SLOT_BYTES = 512 * 1024 ** 2;
const HISTOGRAM_BYTES_A_COLUMN = 4096;
/** Of trees that one call grows before they are read. */
const ARENA_BYTES = 64 * 1024 ** 2;
const NODE_BYTES = 160;
/** Numbers that all trees of one call look at: less than 100 ms, so that training can be aborted in between. */
const VALUES_OF_ONE_CALL = 40_000_000;
/** What a node costs for each column beside its rows, in numbers: its histogram. */
const NODE_VALUES = 32;

export interface BoostingPlan {
  readonly shape: BoostingShape;
  readonly settings: BoostingSettings;
  /** Rounds that are boosted in one call of the kernel; 0 = trees are grown one by one, in several calls where the table is large. */
  readonly roundsOfOneCall: number;
}

export interface BoostingSubject {
  readonly rows: number;
  readonly columns: number;
  readonly hasWeights: boolean;
  readonly objective: Objective;
  readonly categories: readonly CategoryColumn[];
  readonly evaluated: NonNullable<BoostingShape["evaluated"]>;
}

/** What the kernel needs to know, and how much memory it may take. Throws ParameterError for constraints that do not fit the columns. */
export function planBoosting(
  parameters: GradientBoostingParameters,
  subject: BoostingSubject,
  { seed, threads }: TableFitContext,
): BoostingPlan {
  const { rows, columns, objective, categories } = subject;
  const settings = settle(parameters, subject, seed);
  const nodes = mostNodes(parameters, rows);
  const treesOfARound = objective.outputs * parameters.numParallelTree;
  const valuesOfATree = (rows + nodes * NODE_VALUES) * columns;
  const roundsByWork = Math.floor(VALUES_OF_ONE_CALL / (valuesOfATree * treesOfARound));
  const roundsByArena = Math.floor(ARENA_BYTES / (nodes * NODE_BYTES * treesOfARound));
  const isFused = objective.kernel !== undefined && parameters.booster === "gbtree" && !settings.keepRows;
  const roundsOfOneCall = isFused ? Math.min(parameters.numRound, roundsByWork, roundsByArena) : 0;
  const slots = countSlots(parameters, columns);
  return {
    settings,
    roundsOfOneCall,
    shape: {
      rows,
      columns,
      outputs: objective.outputs,
      threads: Math.max(1, Math.min(threads, columns)),
      categoryBytes: categories.reduce((total, { bins }) => total + bins.length, 0),
      nodes,
      trees: Math.max(1, roundsOfOneCall * treesOfARound),
      batch: settings.lossGuided ? 1 : Math.min(BATCH, Math.floor((slots - 1) / 2)),
      slots,
      constraintSets: settings.constraints.length,
      hasWeights: subject.hasWeights,
      evaluated: subject.evaluated,
    },
  };
}

function settle(parameters: GradientBoostingParameters, subject: BoostingSubject, seed: number): BoostingSettings {
  const { objective, columns } = subject;
  const { lambda, alpha, gamma, minChildWeight, maxDepth, maxLeaves, subsample } = parameters;
  return {
    // Trees that are grown together share a step.
    learningRate: parameters.learningRate / parameters.numParallelTree,
    lambda,
    alpha,
    gamma,
    minChildWeight,
    minDataInLeaf: parameters.minDataInLeaf,
    maxDepth,
    maxLeaves,
    subsample,
    maxDeltaStep: parameters.maxDeltaStep || (objective.defaultMaxDeltaStep ?? 0),
    lossGuided: parameters.growPolicy === "lossguide",
    maxBins: Math.min(MOST_BINS, parameters.maxBin),
    maxCategoryThreshold: parameters.maxCatThreshold,
    columnsByTree: parameters.colsampleBytree,
    columnsByLevel: parameters.colsampleBylevel,
    columnsByNode: parameters.colsampleBynode,
    positiveWeight: objective.positiveWeight ?? 1,
    seed: seed % 2 ** 31,
    parallelTrees: parameters.numParallelTree,
    keepRows: objective.leafValue !== undefined,
    monotone: readMonotoneConstraints(parameters.monotoneConstraints, columns),
    constraints: readInteractionConstraints(parameters.interactionConstraints, columns),
  };
}

/** A tree has one node less than twice its leaves. */
function mostNodes({ maxDepth, maxLeaves }: GradientBoostingParameters, rows: number): number {
  const byDepth = maxDepth === 0 || maxDepth > 20 ? MOST_NODES : 2 ** (maxDepth + 1) - 1;
  const byLeaves = maxLeaves === 0 ? MOST_NODES : 2 * maxLeaves - 1;
  return Math.max(1, Math.min(byDepth, byLeaves, 2 * rows - 1, MOST_NODES));
}

function countSlots({ growPolicy, maxLeaves }: GradientBoostingParameters, columns: number): number {
  const wanted =
    growPolicy === "lossguide" ? Math.min(LOSS_GUIDED_SLOTS, (maxLeaves || LOSS_GUIDED_SLOTS) + 2) : 2 * BATCH + 2;
  return Math.max(3, Math.min(wanted, Math.floor(SLOT_BYTES / (columns * HISTOGRAM_BYTES_A_COLUMN))));
}
