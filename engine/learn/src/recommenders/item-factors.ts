import { type FactorScorer, type KernelRun, openFactorScorer, openFactorSolver, strideOf } from "@rondo/kernels";
import type { EncodedModel } from "../algorithm.ts";
import { type HistoryWeighting, readHistoryWeighting, weighHistories } from "./history-weights.ts";
import type { Interactions } from "./interactions.ts";
import { POPULARITY_OFFSET, requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Scorer } from "./recommender.ts";

/**
 * The model of a matrix factorisation: factors of items, and how a user's factors follow from a history by least squares. What a user did since the
 * training, or a user who came later, is thereby taken into account at once.
 */
export interface ItemFactors {
  readonly factors: number;
  /** Of each item a row of `strideOf(factors)` floats, zero beyond the factors. */
  readonly itemFactors: Float32Array;
  /** What a weight of 1 in a history adds to the confidence of 1 that every pair has. */
  readonly alpha: number;
  readonly penalties: PenaltyScale;
  readonly weighting: HistoryWeighting;
  /** Share of the users that know the item: decides for users of whom nothing is known. */
  readonly popularity: Float32Array;
}

/** The penalty of a row: regularisation × ((confidence of its pairs + width) ÷ mean)^exponent. */
export interface PenaltyScale {
  readonly regularization: number;
  readonly exponent: number;
  readonly width: number;
  readonly mean: number;
}

/** Steps of conjugate gradients from zero: after them a user's factors move no more by what float32 can tell. */
const STEPS = 12;

export function penaltyOf({ regularization, exponent, width, mean }: PenaltyScale, confidence: number): number {
  return regularization * ((confidence + width) / mean) ** exponent;
}

/** Of each row of a matrix of confidences. */
export function penaltiesOf(scale: PenaltyScale, starts: Uint32Array, confidences: Float32Array): Float32Array {
  return Float32Array.from({ length: starts.length - 1 }, (_, row) =>
    penaltyOf(scale, sum(confidences.subarray(starts[row], starts[row + 1]))),
  );
}

export function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

export function openItemFactors(model: ItemFactors): Scorer {
  const { factors, itemFactors, alpha, penalties, weighting } = model;
  const stride = strideOf(factors);
  const items = model.popularity.length;
  const offsets = model.popularity.map((share) => share * POPULARITY_OFFSET);
  let scorer: { readonly longest: number; readonly factors: FactorScorer } | undefined;
  const scorerFor = (length: number): FactorScorer => {
    if (scorer === undefined || scorer.longest < length) {
      const longest = Math.max(1024, 2 * length);
      const rows = { rows: items, stride, values: itemFactors };
      scorer = { longest, factors: openFactorScorer(rows, STEPS, longest) };
    }
    return scorer.factors;
  };
  let weighed: { readonly histories: Interactions; readonly confidences: Float32Array } | undefined;
  const confidencesOf = (histories: Interactions): Float32Array => {
    requireItems(histories, items);
    if (weighed?.histories !== histories) {
      const { values = new Float32Array(0) } = weighHistories(histories, weighting);
      weighed = { histories, confidences: values.map((value) => alpha * value) };
    }
    return weighed.confidences;
  };
  return {
    items,
    score(histories, user) {
      const { starts, columnIndexes } = histories.pairs;
      const confidences = confidencesOf(histories).subarray(starts[user], starts[user + 1]);
      const columns = columnIndexes.subarray(starts[user], starts[user + 1]);
      const opened = scorerFor(columns.length);
      const penalty = penaltyOf(penalties, sum(confidences));
      const scores = opened.multiply(opened.solve({ columns, confidences, penalty }));
      for (let item = 0; item < items; item += 1) scores[item] += offsets[item];
      return scores;
    },
    async prepare(histories, run) {
      const userFactors = await solveUsers(model, histories, confidencesOf(histories), run);
      return { offsets, scores: { kind: "factors", stride, userFactors, itemFactors } };
    },
  };
}

async function solveUsers(
  { factors, itemFactors, penalties }: ItemFactors,
  { pairs, users, items }: Interactions,
  confidences: Float32Array,
  run: KernelRun,
): Promise<Float32Array> {
  const problem = {
    byUser: { ...pairs, values: confidences },
    factors,
    userPenalties: penaltiesOf(penalties, pairs.starts, confidences),
    itemPenalties: new Float32Array(items),
    solver: "conjugate-gradient",
    steps: STEPS,
  } as const;
  using solver = openFactorSolver(problem, run);
  solver.items.values.set(itemFactors);
  await solver.solveUsers(run.signal);
  return solver.users.values.slice(0, users * strideOf(factors));
}

export function encodeItemFactors(kind: string, model: ItemFactors): Iterable<Uint8Array> {
  const { factors, itemFactors, alpha, penalties, weighting, popularity } = model;
  const fields = { items: popularity.length, factors, alpha, ...penalties, ...weighting };
  return encodeStoredModel({ kind, fields, arrays: { itemFactors, popularity } });
}

/** Factors and confidences of a file that were never written by `encodeItemFactors` are refused. */
const MOST_FACTORS = 4096;

export async function decodeItemFactors(kind: string, file: EncodedModel): Promise<ItemFactors> {
  const stored = await decodeStoredModel(file, kind);
  const items = stored.integer("items", 1);
  const factors = stored.integer("factors", 1, MOST_FACTORS);
  return {
    factors,
    itemFactors: stored.floats("itemFactors", items * strideOf(factors)),
    alpha: stored.number("alpha", 0),
    penalties: {
      regularization: stored.number("regularization", Number.MIN_VALUE),
      exponent: stored.number("exponent"),
      width: stored.number("width", 0),
      mean: stored.number("mean", Number.MIN_VALUE),
    },
    weighting: readHistoryWeighting(stored),
    popularity: stored.floats("popularity", items),
  };
}
