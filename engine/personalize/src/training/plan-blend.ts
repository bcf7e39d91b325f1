import { setImmediate } from "node:timers/promises";
import { DataError, type JudgedCandidates, judgeCandidates, meanGain, type TableFitContext } from "@rondo/learn";
import { componentOf, type FittedChoice, fitWeightings } from "../model/algorithms.ts";
import type { BlendPlan, BlendValidation, WeighedChoice } from "../model/blend-plan.ts";
import { learnWeights } from "./learn-weights.ts";
import type { Candidate } from "./personalization-candidates.ts";
import { gainOf, type Mode, type ValidationSet } from "./validation-set.ts";

/** Share of what was done in the hold-out from which on users are taken to come back to what they know. */
export const LEAST_REPEATS = 0.02;
/** Items of each component among which the weights are learned. */
const JUDGED_ITEMS = 50;
/** Share of the gain that a component has to add; less is noise, and costs time with every answer. */
const LEAST_ADDED_GAIN = 0.004;

interface Tried extends FittedChoice {
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
  const fresh = await weigh(tried, validation, "new", context);
  const all = hasRepeats ? await weigh(tried, validation, "any", context) : fresh;
  context.onProgress?.({ fraction: 1, iteration: candidates.length, metrics: [] });
  const components = tried.flatMap(({ choice }, index): WeighedChoice[] => {
    const [weight, newItemsWeight] = [all.weights[index], fresh.weights[index]];
    return weight > 0 || newItemsWeight > 0 ? [{ ...choice, weight, newItemsWeight }] : [];
  });
  return {
    components,
    knownItems: hasRepeats ? "kept" : "last",
    validation: describe(tried, validation, { gain: all.gain, newItemsGain: fresh.gain }),
  };
}

/** The candidate with the weighting that is best for each mode. */
async function tryCandidate(
  candidate: Candidate,
  validation: ValidationSet,
  modes: readonly Mode[],
  context: TableFitContext,
): Promise<readonly Tried[]> {
  const { onProgress: _, ...quiet } = context;
  const best = new Map<Mode, Tried>();
  for (const fitted of await fitCandidate(candidate, validation, quiet)) {
    const gains = { new: 0, any: 0 };
    for (const mode of modes) gains[mode] = await gainOf(fitted.scorer, validation, mode, quiet);
    const tried = { ...fitted, gains };
    for (const mode of modes) {
      if (gains[mode] > (best.get(mode)?.gains[mode] ?? -1)) best.set(mode, tried);
    }
  }
  return [...new Set(best.values())];
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
}

async function weigh(
  tried: readonly Tried[],
  { histories, relevant, relevantNew }: ValidationSet,
  mode: Mode,
  { signal }: TableFitContext,
): Promise<Weights> {
  const scorers = tried.map(({ scorer }) => scorer);
  const isNew = mode === "new";
  const heldOut = { known: histories, relevant: isNew ? relevantNew : relevant };
  const options = { users: histories.users, candidates: JUDGED_ITEMS, exclude: isNew ? "history" : "none" } as const;
  const users: JudgedCandidates["users"][number][] = [];
  for (const user of judgeCandidates(scorers, heldOut, options)) {
    users.push(user);
    if (users.length % 16 !== 0) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  if (users.length === 0) throw new DataError("No user did anything new in the part of the data that is judged by.");
  const judged = { components: scorers.length, users };
  return await leaveOut(judged, await learnWeights(judged, signal), signal);
}

/** Takes weights away one by one as long as that costs next to nothing. */
async function leaveOut(judged: JudgedCandidates, learned: Float64Array, signal?: AbortSignal): Promise<Weights> {
  const full = meanGain(judged, learned);
  let weights = learned;
  let gain = full;
  while (weights.filter((weight) => weight > 0).length > 1) {
    await setImmediate();
    signal?.throwIfAborted();
    const without = [...weights.keys()]
      .filter((component) => weights[component] > 0)
      .map((component) => weights.with(component, 0))
      .map((fewer) => ({ weights: fewer, gain: meanGain(judged, fewer) }))
      .reduce((best, other) => (other.gain > best.gain ? other : best));
    if (without.gain < full * (1 - LEAST_ADDED_GAIN)) break;
    ({ weights, gain } = without);
  }
  const largest = Math.max(...weights);
  return { weights: weights.map((weight) => weight / largest), gain };
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
