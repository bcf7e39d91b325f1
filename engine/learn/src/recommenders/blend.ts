import { setImmediate } from "node:timers/promises";
import type { EncodedModel } from "../algorithm.ts";
import { resolveParameters } from "../parameters.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import {
  type BlendComponent,
  decodeComponents,
  encodeComponents,
  type FittedComponent,
  fitComponents,
} from "./blend-components.ts";
import { type JudgedCandidates, judgeCandidates, learnWeights } from "./blend-weights.ts";
import { scaleOf } from "./candidates.ts";
import { holdOut } from "./hold-out.ts";
import { requireEvents } from "./interactions.ts";
import { requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Recommender, Scorer } from "./recommender.ts";

export const blendParameters = {
  /** What the weights are learned on; see `holdOut`. */
  heldOut: { type: "categorical", values: ["last-event", "random-event", "last-period"], default: "last-event" },
  periodDays: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 30 },
  /** `history`: the blend is for items that the user does not know. */
  exclude: { type: "categorical", values: ["history", "none"], default: "history" },
  /** Users at most on whom the weights are learned, and items of each component. */
  validationUsers: { type: "integer", minimum: 1, maximum: 1_000_000, default: 4000 },
  candidates: { type: "integer", minimum: 10, maximum: 10_000, default: 100 },
} as const;

export interface Blend {
  readonly components: readonly FittedComponent[];
  /** Of each component, the largest 1; a component without weight is left out when scoring. */
  readonly weights: Float64Array;
  readonly exclude: "history" | "none";
  readonly items: number;
}

/**
 * Several algorithms as one: a weighted sum of their scores, each on the scale of its highest. The weights are learned on what is held
 * out of the training data, in the manner of a split by time; then every component learns from all of them.
 */
export function createBlend(components: readonly BlendComponent[]): Recommender<typeof blendParameters, Blend> {
  const kind = `blend of ${components.map(({ id }) => id).join(", ")}`;
  return {
    id: "blend",
    parameters: blendParameters,
    async fit(parameters, interactions, context) {
      const resolved = resolveParameters(blendParameters, parameters);
      requireEvents(interactions);
      const steps = 2 * components.length;
      const onProgress = (iteration: number): void =>
        context.onProgress?.({ fraction: iteration / steps, iteration, metrics: [] });
      const { onProgress: _, ...quiet } = context;
      const held = holdOut(interactions, { ...resolved, seed: context.seed });
      const trials = await fitComponents(components, held.known, { ...quiet, onFitted: onProgress });
      const scorers = trials.map((trial) => trial.open());
      const options = { ...resolved, users: resolved.validationUsers };
      const judged = await collect(judgeCandidates(scorers, held, options), scorers.length, context);
      const weights = await learnWeights(judged, context.signal);
      const onFitted = (done: number): void => onProgress(components.length + done);
      const fitted = await fitComponents(components, interactions, { ...quiet, onFitted });
      return { components: fitted, weights, exclude: resolved.exclude, items: interactions.items };
    },
    open: openBlend,
    encode: (model) => encodeBlend(kind, model),
    decode: (file) => decodeBlend(kind, components, file),
  };
}

async function collect(
  candidates: Iterable<JudgedCandidates["users"][number]>,
  components: number,
  { signal }: TableFitContext,
): Promise<JudgedCandidates> {
  const users: JudgedCandidates["users"][number][] = [];
  for (const user of candidates) {
    users.push(user);
    if (users.length % 64 !== 0) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return { components, users };
}

function openBlend({ components, weights, exclude, items }: Blend): Scorer {
  const scorers = components.flatMap((component, index) =>
    weights[index] === 0 ? [] : [{ scorer: component.open(), weight: weights[index] }],
  );
  const sums = new Float32Array(items);
  return {
    items,
    score(histories, user) {
      requireItems(histories, items);
      const { starts, columnIndexes } = histories.pairs;
      const known = columnIndexes.subarray(starts[user], starts[user + 1]);
      sums.fill(0);
      for (const { scorer, weight } of scorers) {
        const scores = scorer.score(histories, user);
        const factor = weight * scaleOf(scores, known, exclude);
        for (let item = 0; item < items; item += 1) sums[item] += factor * scores[item];
      }
      return sums;
    },
  };
}

function encodeBlend(kind: string, { components, weights, exclude, items }: Blend): Iterable<Uint8Array> {
  return encodeStoredModel({
    kind,
    fields: { items, exclude },
    arrays: { weights, ...encodeComponents(components) },
  });
}

async function decodeBlend(kind: string, components: readonly BlendComponent[], file: EncodedModel): Promise<Blend> {
  const stored = await decodeStoredModel(file, kind);
  const exclude = stored.word("exclude", ["history", "none"]);
  const fitted = await decodeComponents(components, stored);
  const weights = stored.doubles("weights", components.length);
  return { components: fitted, weights, exclude, items: stored.integer("items", 1) };
}
