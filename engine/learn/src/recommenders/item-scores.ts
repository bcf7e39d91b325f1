import type { EncodedModel } from "../algorithm.ts";
import { requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Scorer } from "./recommender.ts";

/** The model of algorithms that recommend the same to everybody. */
export interface ItemScores {
  /** Of each item. */
  readonly scores: Float32Array;
}

export function openItemScores({ scores: given }: ItemScores): Scorer {
  const scores = given.slice();
  return {
    items: given.length,
    score(histories) {
      requireItems(histories, given.length);
      scores.set(given);
      return scores;
    },
  };
}

export function encodeItemScores(kind: string, { scores }: ItemScores): Iterable<Uint8Array> {
  return encodeStoredModel({ kind, fields: { items: scores.length }, arrays: { scores } });
}

export async function decodeItemScores(kind: string, file: EncodedModel): Promise<ItemScores> {
  const stored = await decodeStoredModel(file, kind);
  return { scores: stored.floats("scores", stored.integer("items", 1)) };
}
