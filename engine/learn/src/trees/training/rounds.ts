import { setImmediate } from "node:timers/promises";
import type { BoostingKernel } from "@rondo/kernels";
import { createRandom } from "@rondo/statistics";
import type { TableData } from "../../table/table.ts";
import type { TableFitContext } from "../../table/table-algorithm.ts";
import type { GradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import type { Objective } from "../objectives/objective.ts";
import { addTree } from "../prediction/add-tree.ts";
import type { RegressionTree, TreeEnsemble } from "../tree-ensemble.ts";
import type { CategoryColumn } from "./category-bins.ts";
import { chooseDropped, normaliseTrees } from "./dart.ts";
import type { Evaluation, GrownTree } from "./evaluation.ts";
import type { BoostingPlan } from "./plan-boosting.ts";
import { createRecentStates } from "./recent-states.ts";
import { toRegressionTree } from "./regression-tree.ts";

export interface RoundsOptions {
  readonly parameters: GradientBoostingParameters;
  readonly objective: Objective;
  readonly kernel: BoostingKernel;
  readonly plan: BoostingPlan;
  readonly categories: readonly CategoryColumn[];
  readonly evaluation: Evaluation;
  readonly data: TableData;
  readonly baseMargins: readonly number[];
  readonly context: TableFitContext;
}

/** What has been boosted so far. */
export interface Rounds {
  readonly count: number;
  /** Boosts at least one round and at most so many. */
  boost(most: number): Promise<void>;
  /** Forgets all rounds but the first ones. */
  keep(rounds: number): void;
  result(): Pick<TreeEnsemble, "trees" | "treeOutputs" | "treeWeights" | "roundStarts">;
}

export function createRounds(options: RoundsOptions): Rounds {
  const { parameters, objective, kernel, plan, categories, evaluation, context } = options;
  const { numParallelTree, booster } = parameters;
  const treesOfARound = objective.outputs * numParallelTree;
  const trees: RegressionTree[] = [];
  /** Of dart: what each tree counts; later rounds change it. */
  const treeWeights = createRecentStates<readonly number[]>([], parameters.earlyStoppingRounds);
  const random = createRandom(context.seed);
  const outputOf = (tree: number): number => Math.floor(tree / numParallelTree) % objective.outputs;

  const boostTogether = async (rounds: number): Promise<void> => {
    if (objective.kernel === undefined) return;
    const grown = await kernel.boost(objective.kernel, trees.length, rounds * treesOfARound);
    const first = trees.length;
    for (const tree of grown) trees.push(toRegressionTree(tree, categories));
    evaluation.add(grown.map((_, index) => ({ tree: trees[first + index], output: outputOf(first + index) })));
  };

  const growRound = async (): Promise<readonly GrownTree[]> => {
    await derive(options, Math.floor(trees.length / treesOfARound));
    const grown: GrownTree[] = [];
    // Trees that are grown together explain the same residuals.
    const before = numParallelTree === 1 || objective.leafValue === undefined ? kernel.margins : kernel.margins.slice();
    for (let index = 0; index < treesOfARound; index += 1) {
      const number = trees.length + index;
      const output = outputOf(number);
      const tree = await kernel.grow(number, output, context.signal);
      const finished = objective.leafValue === undefined ? tree : refitLeaves(tree, before, options);
      if (booster === "gbtree") await kernel.apply(output);
      grown.push({ tree: toRegressionTree(finished, categories), output });
      await setImmediate();
    }
    return grown;
  };

  const boostDart = async (): Promise<void> => {
    const weights = [...treeWeights.latest];
    const dropped = chooseDropped(parameters, weights, random);
    const at = (tree: number): GrownTree => ({ tree: trees[tree], output: outputOf(tree) });
    for (const tree of dropped) addToTrain(options, at(tree), -weights[tree]);
    const grown = await growRound();
    const { factor, weight } = normaliseTrees(parameters, dropped.length, grown.length);
    for (const tree of dropped) {
      const before = weights[tree];
      weights[tree] = Math.fround(before * factor);
      addToTrain(options, at(tree), weights[tree]);
      evaluation.add([at(tree)], weights[tree] - before);
    }
    for (const entry of grown) {
      trees.push(entry.tree);
      weights.push(Math.fround(weight));
      addToTrain(options, entry, weight);
    }
    evaluation.add(grown, weight);
    treeWeights.push(weights);
  };

  return {
    get count() {
      return trees.length / treesOfARound;
    },
    async boost(most) {
      if (plan.roundsOfOneCall > 0) return boostTogether(Math.min(most, plan.roundsOfOneCall));
      if (booster === "dart") return boostDart();
      const grown = await growRound();
      for (const { tree } of grown) trees.push(tree);
      evaluation.add(grown);
    },
    keep(rounds) {
      treeWeights.goBack(trees.length / treesOfARound - rounds);
      trees.length = Math.min(trees.length, rounds * treesOfARound);
    },
    result: () => ({
      trees,
      treeOutputs: Int32Array.from(trees, (_, tree) => outputOf(tree)),
      ...(booster === "dart" ? { treeWeights: Float32Array.from(treeWeights.latest) } : {}),
      roundStarts: Int32Array.from({ length: trees.length / treesOfARound + 1 }, (_, round) => round * treesOfARound),
    }),
  };
}

/** Derivatives of the whole table at the present margins. */
async function derive({ objective, kernel, data }: RoundsOptions, round: number): Promise<void> {
  if (objective.kernel !== undefined) return kernel.derive(objective.kernel);
  const { rows } = data.train.features;
  const own = (values: Float32Array): Float32Array => values.subarray(0, rows);
  const out = { first: own(kernel.firsts), second: own(kernel.seconds) };
  objective.gradients(own(kernel.margins), data.train, out, round);
}

/** Leaves say what the objective makes of their rows' residuals. */
function refitLeaves(
  tree: Awaited<ReturnType<BoostingKernel["grow"]>>,
  margins: Float32Array,
  { objective, kernel, data, plan }: RoundsOptions,
) {
  const { labels = new Float32Array(0), weights } = data.train;
  const splitConditions = tree.splitConditions.slice();
  const baseWeights = tree.baseWeights.slice();
  const values = new Map<number, number>();
  for (const [leaf, rows] of kernel.rowsOfLeaves()) {
    const residuals = Float32Array.from(rows, (row) => labels[row] - margins[row]);
    const value = objective.leafValue?.(residuals, weights && Float32Array.from(rows, (row) => weights[row])) ?? 0;
    splitConditions[leaf] = value * plan.settings.learningRate;
    baseWeights[leaf] = splitConditions[leaf];
    values.set(leaf, splitConditions[leaf]);
  }
  kernel.setLeafValues(values);
  return { ...tree, splitConditions, baseWeights };
}

function addToTrain({ kernel, data }: RoundsOptions, { tree, output }: GrownTree, weight: number): void {
  const place = { margins: kernel.margins, first: output * kernel.rowStride, step: 1 };
  addTree(tree, data.train.features, place, weight);
}
