import { type Histogram, histogramOf } from "./histogram.ts";

/** What texts look like to a model, without the texts. */
export interface InputProfile {
  /** Texts per number of tokens. */
  readonly lengths: Histogram;
  /** Texts per number of words that the training data does not have. */
  readonly unseenWords: Histogram;
  /** Share of the words that the training data does not have, 0 to 1. */
  readonly unseenShare: number;
}

/** Tenths of the product opinions' lengths, and what film sentences add above: finer bins would only be merged again. */
const LENGTH_EDGES = [3, 5, 7, 9, 11, 13, 16, 21, 31];
const UNSEEN_EDGES = [1, 2, 3, 5];

/** A token that is a word and no punctuation. */
const WORD = /[a-z0-9]/;

export function wordsOf(normalised: string): string[] {
  return normalised.split(" ").filter((token) => WORD.test(token));
}

/** Describes normalised texts beside the words of the training data. */
export function profileInputs(texts: readonly string[], vocabulary: ReadonlySet<string>): InputProfile {
  let words = 0;
  let unseen = 0;
  const unseenPerText = texts.map((text) => {
    const inText = wordsOf(text);
    const unseenInText = inText.filter((word) => !vocabulary.has(word)).length;
    words += inText.length;
    unseen += unseenInText;
    return unseenInText;
  });
  return {
    lengths: histogramOf(
      texts.map((text) => text.split(" ").length),
      LENGTH_EDGES,
    ),
    unseenWords: histogramOf(unseenPerText, UNSEEN_EDGES),
    unseenShare: words === 0 ? 0 : unseen / words,
  };
}
