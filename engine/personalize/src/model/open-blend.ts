import type { Interactions, Scorer } from "@rondo/learn";
import type { PartRequest, PartScorer } from "./open-weight-sums.ts";

export interface WeighedScorer {
  readonly scorer: PartScorer;
  readonly weight: number;
}

/**
 * A weighed sum of scores, each on the scale of its highest. `last`: what the user knows has no say in the scale and comes after everything else, in
 * the order of its own scores. Multipliers, one for each item, change sums above 0.
 */
export function openBlend(
  components: readonly WeighedScorer[],
  knownItems: "kept" | "last",
  multipliers?: Float32Array,
): Scorer {
  const used = components.filter(({ weight }) => weight > 0);
  const items = components[0].scorer.items;
  const sums = new Float32Array(items);
  const offsets = used.find(({ scorer }) => scorer.popularityOffsets !== undefined)?.scorer.popularityOffsets;
  const start = offsets ?? new Float32Array(items);
  return {
    items,
    score(histories, user) {
      const known = knownItems === "last" ? knownOf(histories, user) : NOTHING;
      sums.set(start);
      for (const { scorer, weight } of used) addPart(sums, scorer, { histories, user, weight, known });
      if (multipliers !== undefined) multiply(sums, multipliers);
      if (known.length > 0) putLast(sums, known);
      return sums;
    },
  };
}

const NOTHING = new Uint32Array(0);

function knownOf({ pairs }: Interactions, user: number): Uint32Array {
  return pairs.columnIndexes.subarray(pairs.starts[user], pairs.starts[user + 1]);
}

function addPart(sums: Float32Array, scorer: PartScorer, request: PartRequest): void {
  if (scorer.add !== undefined) scorer.add(sums, request);
  else addScaled(sums, scorer.score(request.histories, request.user), request.weight, request.known);
}

/** Adds the scores ÷ the highest of the items that are not known, or ÷ the size of the lowest where none is above 0. */
function addScaled(sums: Float32Array, scores: Float32Array, weight: number, known: Uint32Array): void {
  const ofKnown = Float32Array.from(known, (item) => scores[item]);
  for (const item of known) scores[item] = 0;
  const size = highestOf(scores) || -lowestOf(scores);
  for (const [place, item] of known.entries()) scores[item] = ofKnown[place];
  if (size === 0) return;
  const factor = weight / size;
  for (let item = 0; item < sums.length; item += 1) sums[item] += factor * scores[item];
}

/** At least 0. */
function highestOf(scores: Float32Array): number {
  let highest = 0;
  for (let item = 0; item < scores.length; item += 1) if (scores[item] > highest) highest = scores[item];
  return highest;
}

/** At most 0. */
function lowestOf(scores: Float32Array): number {
  let lowest = 0;
  for (let item = 0; item < scores.length; item += 1) if (scores[item] < lowest) lowest = scores[item];
  return lowest;
}

function multiply(sums: Float32Array, multipliers: Float32Array): void {
  for (let item = 0; item < sums.length; item += 1) if (sums[item] > 0) sums[item] *= multipliers[item];
}

/** Not above the lowest of the others. */
function putLast(sums: Float32Array, known: Uint32Array): void {
  const lowest = lowestOf(sums);
  let highest = 0;
  for (const item of known) if (sums[item] > highest) highest = sums[item];
  for (const item of known) sums[item] += lowest - highest;
}
