import type { Random } from "@rondo/statistics";
import type { GradientBoostingParameters } from "../gradient-boosting-parameters.ts";

/** Which of the earlier trees a round leaves out; weights are those of all trees so far. Rashmi and Gilad-Bachrach 2015, "DART". */
export function chooseDropped(
  { rateDrop, skipDrop, oneDrop, sampleType }: GradientBoostingParameters,
  weights: readonly number[],
  random: Random,
): readonly number[] {
  if (weights.length === 0 || (skipDrop > 0 && random() < skipDrop)) return [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chanceOf = (weight: number): number =>
    sampleType === "weighted" ? (rateDrop * weights.length * weight) / total : rateDrop;
  const dropped = [...weights.keys()].filter((tree) => random() < chanceOf(weights[tree]));
  if (dropped.length > 0 || !oneDrop) return dropped;
  return [sampleType === "weighted" ? drawWeighted(weights, random() * total) : Math.floor(random() * weights.length)];
}

function drawWeighted(weights: readonly number[], point: number): number {
  let reached = 0;
  return Math.max(
    0,
    weights.findIndex((weight) => {
      reached += weight;
      return reached > point;
    }),
  );
}

/** What the dropped trees count from now on, as a factor, and what each new one counts, so that they are not too many. */
export function normaliseTrees(
  { learningRate, normalizeType }: GradientBoostingParameters,
  dropped: number,
  added: number,
): { readonly factor: number; readonly weight: number } {
  if (dropped === 0) return { factor: 1, weight: 1 };
  const rate = learningRate / added;
  if (normalizeType === "tree") return { factor: dropped / (dropped + rate), weight: 1 / (dropped + rate) };
  return { factor: 1 / (1 + rate), weight: 1 / (1 + rate) };
}
