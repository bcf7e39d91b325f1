import { setImmediate } from "node:timers/promises";
import { type JudgedCandidates, judgeCandidates, meanGain, type TableFitContext } from "@rondo/learn";
import { componentOf, type FittedChoice, fitWeightings } from "../model/algorithms.ts";
import type { BlendPlan, BlendValidation, WeighedChoice } from "../model/blend-plan.ts";
import { learnWeights } from "./learn-weights.ts";
import type { Candidate } from "./personalization-candidates.ts";
import { gainOf, type Mode, type ValidationSet } from "./validation-set.ts";

/** Share of what was done in the hold-out from which on users are taken to come back to what they know. */
export const LEAST_REPEATS = 0.02;
/** Items of each component among which the weights are learned. */
const JUDGED_ITEMS = 50;
/** Of the largest weight; less is noise, and costs time with every answer. */
const LEAST_WEIGHT = 0.05;
const MOST_COMPONENTS = 5;
/** Share of the gain, for each item, that a factorisation has to add, since it looks at all of them with every answer where others look at some. */
const LEAST_GAIN_OF_FACTORS = 1e-6;

interface Tried extends FittedChoice {
  /** In which it is the best of its candidate. */
  readonly modes: readonly Mode[];
  readonly gains: Readonly<Record<Mode, number>>;
}

/**
 * Fits every candidate on what was not held out, keeps the best weighting of each, and learns the weights with which their sum is best: once for all
 * items, once for those that are new to the user. Components that add nothing are left out.
 */
export async function planBlend(
  candidates: readonly Candidate[],
  validation: ValidationSet,
  context: TableFitContext,
): Promise<BlendPlan> {
  const hasRepeats = validation.repeats >= LEAST_REPEATS;
  const modes: readonly Mode[] = hasRepeats ? ["new", "any"] : ["new"];
  const tried: Tried[] = [];
  for (const [index, candidate] of candidates.entries()) {
    for (const better of await tryCandidate(candidate, validation, modes, context)) tried.push(better);
    context.onProgress?.({ fraction: ((index + 1) / candidates.length) * 0.7, iteration: index + 1, metrics: [] });
  }
  const all = await weigh(tried, validation, hasRepeats ? "any" : "new", context);
  // Where a purchase always follows a view of the same item, nothing that is held out is new to anybody.
  const isFreshKnown = hasRepeats && validation.relevantNew.some(({ length }) => length > 0);
  const fresh = isFreshKnown ? await weigh(tried, validation, "new", context) : all;
  context.onProgress?.({ fraction: 1, iteration: candidates.length, metrics: [] });
  const components = tried.flatMap(({ choice }, index): WeighedChoice[] => {
    const [weight, newItemsWeight] = [all.weights[index], fresh.weights[index]];
    return weight > 0 || newItemsWeight > 0 ? [{ ...choice, weight, newItemsWeight }] : [];
  });
  return {
    components,
    knownItems: hasRepeats ? "kept" : "last",
    ...steepnessOf(all.steepness, fresh.steepness),
    validation: describe(tried, validation, { gain: all.gain, newItemsGain: fresh.gain }),
  };
}

function steepnessOf(all: number | undefined, newItems: number | undefined): Pick<BlendPlan, "steepness"> {
  return all === undefined || newItems === undefined ? {} : { steepness: { all, newItems } };
}

/** The candidate with the weighting that is best for each mode. */
async function tryCandidate(
  candidate: Candidate,
  validation: ValidationSet,
  modes: readonly Mode[],
  context: TableFitContext,
): Promise<readonly Tried[]> {
  const { onProgress: _, ...quiet } = context;
  const judged: Omit<Tried, "modes">[] = [];
  for (const fitted of await fitCandidate(candidate, validation, quiet)) {
    const gains = { new: 0, any: 0 };
    for (const mode of modes) gains[mode] = await gainOf(fitted.scorer, validation, mode, quiet);
    judged.push({ ...fitted, gains });
  }
  const bestFor = new Map(
    modes.map((mode) => [mode, judged.reduce((best, one) => (one.gains[mode] > best.gains[mode] ? one : best))]),
  );
  return [...new Set(bestFor.values())].map((one) => ({
    ...one,
    modes: modes.filter((mode) => bestFor.get(mode) === one),
  }));
}

async function fitCandidate(
  { algorithm, parameters, weightings }: Candidate,
  { known }: ValidationSet,
  context: TableFitContext,
): Promise<readonly FittedChoice[]> {
  const choice = { algorithm, parameters };
  if (weightings !== undefined) return await fitWeightings(choice, weightings, known, context);
  return [{ choice, scorer: (await componentOf(choice).fit(known, context)).open() }];
}

interface Weights {
  readonly weights: Float64Array;
  readonly gain: number;
  readonly steepness: number | undefined;
}

/** Weights of everything that was tried; of what says nothing in this mode 0. */
async function weigh(
  tried: readonly Tried[],
  { histories, relevant, relevantNew }: ValidationSet,
  mode: Mode,
  { signal }: TableFitContext,
): Promise<Weights> {
  const isNew = mode === "new";
  const usable = [...tried.keys()].filter((place) => {
    const { choice, modes } = tried[place];
    return modes.includes(mode) && !(isNew && choice.algorithm === "own-history");
  });
  const scorers = usable.map((place) => tried[place].scorer);
  const heldOut = { known: histories, relevant: isNew ? relevantNew : relevant };
  const options = { users: histories.users, candidates: JUDGED_ITEMS, exclude: isNew ? "history" : "none" } as const;
  const users: JudgedCandidates["users"][number][] = [];
  for (const user of judgeCandidates(scorers, heldOut, options)) {
    users.push(user);
    if (users.length % 16 !== 0) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  const judged = { components: scorers.length, users };
  const leastGains = usable.map((place) =>
    tried[place].choice.algorithm === "implicit-als" ? LEAST_GAIN_OF_FACTORS : 0,
  );
  const chosen = await leaveOut(judged, leastGains, signal);
  const weights = new Float64Array(tried.length);
  for (const [place, component] of usable.entries()) weights[component] = chosen.weights[place];
  return { ...chosen, weights };
}

/** Weights without what counts next to nothing, what adds less than its share of the gain, and the lightest of those beyond the most. */
async function leaveOut(
  judged: JudgedCandidates,
  leastGains: readonly number[],
  signal?: AbortSignal,
): Promise<Weights> {
  let used = [...leastGains.keys()];
  for (;;) {
    const learned = await learnWeights(onlyComponents(judged, used), signal);
    const weights = new Float64Array(judged.components);
    for (const [place, component] of used.entries()) weights[component] = learned.weights[place];
    const gain = meanGain(judged, weights);
    const left = stillUsed(used, weights, (component) => {
      const least = leastGains[component] * gain;
      return least > 0 && gain - meanGain(judged, weights.with(component, 0)) < least;
    });
    if (left.length === used.length || left.length === 0) return { weights, gain, steepness: learned.steepness };
    used = left;
  }
}

/** Without all that is too light; otherwise without one that is idle, or the lightest of too many. */
function stillUsed(used: readonly number[], weights: Float64Array, isIdle: (component: number) => boolean): number[] {
  const heavy = used.filter((component) => weights[component] >= LEAST_WEIGHT);
  if (heavy.length < used.length) return heavy;
  const byWeight = used.toSorted((a, b) => weights[a] - weights[b]);
  const dropped = byWeight.find(isIdle) ?? (used.length > MOST_COMPONENTS ? byWeight[0] : undefined);
  return used.filter((component) => component !== dropped);
}

function onlyComponents({ components, users }: JudgedCandidates, used: readonly number[]): JudgedCandidates {
  return {
    components: used.length,
    users: users.map(({ scores, ...user }) => {
      const kept = new Float32Array((scores.length / components) * used.length);
      for (let place = 0; place < kept.length; place += 1) {
        kept[place] = scores[Math.floor(place / used.length) * components + used[place % used.length]];
      }
      return { ...user, scores: kept };
    }),
  };
}

function describe(
  tried: readonly Tried[],
  { choice, histories, repeats }: ValidationSet,
  gains: Pick<BlendValidation, "gain" | "newItemsGain">,
): BlendValidation {
  return {
    heldOut: choice.heldOut,
    ...(choice.heldOut === "last-period" && { periodDays: choice.periodDays }),
    users: histories.users,
    repeats,
    ...gains,
    tried: tried.map(({ choice: { algorithm, parameters }, gains: { any, new: fresh } }) => ({
      algorithm,
      parameters,
      ...(repeats >= LEAST_REPEATS && { gain: any }),
      newItemsGain: fresh,
    })),
  };
}
