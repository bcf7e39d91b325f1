import { createRandom } from "@rondo/statistics";
import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import { type RowGroup, rowGroups } from "../metrics/row-groups.ts";
import type { Gradients, Objective } from "./objective.ts";
import { createPositionBias, type PositionBias } from "./position-bias.ts";
import { type RankingGain, rankingGains } from "./ranking-gains.ts";
import { createRanking, drawnPairs, type Ranking, topPairs, type VisitPair } from "./ranking-pairs.ts";

export interface LambdaRankOptions {
  readonly name: "rank:pairwise" | "rank:ndcg" | "rank:map";
  /** `topk`: each of the first places against all below; `mean`: each row against others drawn at random. */
  readonly pairMethod: "topk" | "mean";
  /** Places of `topk` (default 32), draws a row of `mean` (default 1). */
  readonly pairsPerSample?: number;
  /** Gain of a label: 2^label − 1 instead of the label itself. */
  readonly exponentialGain: boolean;
  /** Learns from clicks, of which higher places get more: the rows of each group must be in the order in which they were shown. */
  readonly unbiased: boolean;
  /** Exponent 1 ÷ (1 + biasNorm) of the estimated position bias. */
  readonly biasNorm: number;
  readonly seed: number;
}

const TOP = 32;
/** Places whose bias is estimated where `topk` does not limit them. */
const BIASED_PLACES = 32;
/** A second derivative is not less, nor is anything divided by less. */
const LEAST = 1e-16;
/** The exponential gain of a higher label would leave 32 bits. */
const HIGHEST_LABEL = 31;

/**
 * LambdaMART (Burges 2010, "From RankNet to LambdaRank to LambdaMART") as XGBoost 3 has it: the cost of a pair counts by what swapping it would change of the metric, divided
 * by how far the scores are apart; each group's forces are normalised by their logarithm (LightGBM). With `unbiased` the position bias of Hu et al. 2019, "Unbiased LambdaMART".
 */
export function lambdaRank(options: LambdaRankOptions): Objective {
  const { name, pairMethod, exponentialGain, seed } = options;
  const isTop = pairMethod === "topk";
  const pairs = options.pairsPerSample ?? (isTop ? TOP : 1);
  const metric = name === "rank:map" ? "map" : "ndcg";
  const bias = options.unbiased ? createPositionBias(options.biasNorm) : undefined;
  return {
    name,
    outputs: 1,
    defaultMetric: isTop ? `${metric}@${pairs}` : metric,
    modelParameters: modelParameters(options, pairs),
    check: (table) => checkLabels(labelsOf(table, name), options),
    baseScores: () => [0],
    toMargin: (score) => score,
    gradients(margins, table, out, round) {
      const labels = labelsOf(table, name);
      const groups = rowGroups(table);
      const meanWeight = groups.reduce((total, { weight }) => total + weight, 0) / groups.length;
      bias?.begin(isTop ? pairs : Math.min(BIASED_PLACES, longest(groups)));
      for (const [index, group] of groups.entries()) {
        const ranking = createRanking(margins, labels, group);
        const gain = rankingGains[name](ranking.labels, {
          top: isTop ? pairs : ranking.labels.length,
          exponentialGain,
        });
        const visitPairs = (visit: VisitPair): void =>
          isTop
            ? topPairs(ranking, pairs, visit)
            : drawnPairs(ranking, { draws: pairs, random: createRandom(mix(seed, round, index)) }, visit);
        const force = applyForces({ ranking, gain, bias, out, start: group.start }, visitPairs);
        const norm = isTop ? (force > 0 ? Math.log2(1 + force) / force : 1) : 1 / pairs;
        scale(out, group, (norm * group.weight) / meanWeight);
      }
      bias?.update();
    },
    transform: (margins) => margins,
  };
}

interface ForceContext {
  readonly ranking: Ranking;
  readonly gain: RankingGain;
  readonly bias: PositionBias | undefined;
  readonly out: Gradients;
  /** The group's first row. */
  readonly start: number;
}

/** Writes the derivatives of a group's rows; returns the sum of all forces. */
function applyForces(
  { ranking, gain, bias, out, start }: ForceContext,
  visitPairs: (visit: VisitPair) => void,
): number {
  const { order, labels, scores } = ranking;
  const { first, second } = out;
  first.fill(0, start, start + order.length);
  second.fill(0, start, start + order.length);
  const isSpread = scores[0] !== scores.at(-1);
  let total = 0;
  visitPairs((a, b) => {
    if (labels[a] === labels[b]) return;
    const high = labels[a] > labels[b] ? a : b;
    const low = high === a ? b : a;
    const apart = scores[high] - scores[low];
    const probability = 1 / (1 + Math.exp(-apart));
    const change = Math.abs(gain(high, low)) / (isSpread ? Math.abs(apart) + 0.01 : 1);
    const divisor = bias?.divisor(order[high], order[low]) ?? 1;
    const force = Math.fround(((probability - 1) * change) / divisor);
    const curvature = (Math.max(probability * (1 - probability), LEAST) * change * 2) / divisor;
    first[start + order[high]] += force;
    first[start + order[low]] -= force;
    second[start + order[high]] += curvature;
    second[start + order[low]] += curvature;
    total -= 2 * force;
    bias?.add(order[high], order[low], Math.log(1 / (1 - probability)) * change);
  });
  return total;
}

function scale({ first, second }: Gradients, { start, end }: RowGroup, factor: number): void {
  for (let row = start; row < end; row += 1) {
    first[row] *= factor;
    second[row] *= factor;
  }
}

function longest(groups: readonly RowGroup[]): number {
  return groups.reduce((most, { start, end }) => Math.max(most, end - start), 0);
}

/** A seed for each round and group. */
function mix(seed: number, round: number, group: number): number {
  return Math.imul(Math.imul(seed, 0x9e3779b1) + round, 0x85ebca6b) + group;
}

function modelParameters(
  { biasNorm, pairMethod, exponentialGain }: LambdaRankOptions,
  pairs: number,
): Readonly<Record<string, string>> {
  return {
    lambdarank_bias_norm: String(biasNorm),
    lambdarank_num_pair_per_sample: String(pairs),
    lambdarank_pair_method: pairMethod,
    // The position bias serves training only and is not kept, and XGBoost refuses a model that says unbiased without it.
    lambdarank_unbiased: "0",
    ndcg_exp_gain: exponentialGain ? "1" : "0",
  };
}

function labelsOf({ labels }: Table, objective: string): Float32Array {
  if (labels === undefined) throw new DataError(`${objective} needs labels: how relevant each row is.`);
  return labels;
}

function checkLabels(labels: Float32Array, { name, exponentialGain }: LambdaRankOptions): void {
  for (const [row, label] of labels.entries()) {
    if (name === "rank:map" && label !== 0 && label !== 1) {
      throw new DataError(`rank:map needs labels 0 and 1; the label of row ${row + 1} is ${label}.`);
    }
    const isGrade = Number.isInteger(label) && label >= 0 && label <= HIGHEST_LABEL;
    if (name === "rank:ndcg" && exponentialGain && !isGrade) {
      throw new DataError(
        `rank:ndcg with exponential gain needs whole labels from 0 to ${HIGHEST_LABEL}; the label of row ${row + 1} is ${label}.`,
      );
    }
  }
}
