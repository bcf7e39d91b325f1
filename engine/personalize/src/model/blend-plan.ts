import { FormatError } from "@rondo/learn";
import { type ComponentChoice, isAlgorithmName } from "./algorithms.ts";

/** Which algorithms a model blends and how much each counts: chosen by validation, noted for the page and for explanations. */
export interface BlendPlan {
  readonly components: readonly WeighedChoice[];
  /** `last`: users seldom come back to what they know, so that it comes after everything else. */
  readonly knownItems: "kept" | "last";
  /** What scores are multiplied by to be logits under which what was held out is likeliest; absent where nothing was learned from it. */
  readonly steepness?: { readonly all: number; readonly newItems: number };
  /** How the weights were found; absent where there was nothing to weigh. */
  readonly validation?: BlendValidation;
}

export interface WeighedChoice extends ComponentChoice {
  /** Of the scores of all items, each component on the scale of its highest score; the largest weight is 1. */
  readonly weight: number;
  /** The same where items that the user knows are not shown. */
  readonly newItemsWeight: number;
}

export interface BlendValidation {
  /** `last-period`, `last-event`, `random-event`: what was held out of the training data. */
  readonly heldOut: string;
  readonly periodDays?: number;
  readonly users: number;
  /** Share of what was done in the hold-out that the user knew before. */
  readonly repeats: number;
  /** Mean NDCG@10 of the blend on what was held out, of all items and of new ones. Too favourable, since the weights were chosen by it. */
  readonly gain: number;
  readonly newItemsGain: number;
  /** Every component that was tried, alone; `gain` is there where users come back to what they know. */
  readonly tried: readonly (ComponentChoice & { readonly gain?: number; readonly newItemsGain: number })[];
}

const MOST_COMPONENTS = 64;

export function encodeBlendPlan(plan: BlendPlan): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(plan));
}

/** Throws FormatError for bytes that are no such plan. */
export function decodeBlendPlan(bytes: Uint8Array): BlendPlan {
  let plan: Partial<BlendPlan>;
  try {
    plan = JSON.parse(new TextDecoder().decode(bytes)) as Partial<BlendPlan>;
  } catch (cause) {
    throw new FormatError("The model's plan of its blend is no JSON.", { cause });
  }
  const { components, knownItems, steepness } = plan ?? {};
  const isComplete =
    Array.isArray(components) &&
    components.length > 0 &&
    components.length <= MOST_COMPONENTS &&
    components.every(isChoice);
  const isSteep = (value: unknown): boolean => Number.isFinite(value) && Number(value) > 0;
  const isCalibrated = steepness === undefined || (isSteep(steepness?.all) && isSteep(steepness?.newItems));
  if (!isComplete || !isCalibrated || (knownItems !== "kept" && knownItems !== "last")) {
    throw new FormatError("The model's plan of its blend is damaged.");
  }
  return plan as BlendPlan;
}

function isChoice(choice: Partial<WeighedChoice> | null): boolean {
  const isWeight = (weight: unknown): boolean => Number.isFinite(weight) && Number(weight) >= 0;
  return isAlgorithmName(choice?.algorithm) && isWeight(choice?.weight) && isWeight(choice?.newItemsWeight);
}
