import { CHARACTERS, NOTHING, Vocabulary } from "./vocabulary.ts";
import type { Weighting } from "./weighting.ts";

export interface PrunedVocabulary {
  readonly vocabulary: Vocabulary;
  /** Which number each n-gram has now; −1 where it was left out. */
  readonly renumbered: Int32Array;
}

/**
 * The n-grams that a weighting uses, frozen. No prefix is lost, since it is in at least as many texts as what begins with it.
 *
 * @param frequencies In how many texts each n-gram is.
 */
export function pruneVocabulary(all: Vocabulary, frequencies: Uint32Array, weighting: Weighting): PrunedVocabulary {
  const { kinds } = all;
  const { minChar } = all.lengths;
  const isUsed = (number: number): boolean => {
    const kind = kinds[number];
    if (kind >= CHARACTERS && kind - CHARACTERS > weighting.maxChar) return false;
    if (kind < CHARACTERS && kind > weighting.wordNgrams) return false;
    const isOnlyPrefix = kind > CHARACTERS && kind - CHARACTERS < minChar;
    return isOnlyPrefix || frequencies[number] >= weighting.minDocumentFrequency;
  };
  const kept = new Uint32Array(all.size).map((_, number) => number).filter(isUsed);
  const isKept = new Uint8Array(all.size);
  for (const number of kept) isKept[number] = 1;
  const lengths = { ...all.lengths, wordNgrams: weighting.wordNgrams, maxChar: weighting.maxChar };
  const vocabulary = new Vocabulary(lengths, Math.max(1024, kept.length));
  const renumbered = new Int32Array(all.size).fill(-1);
  for (const [word, number] of all.words) if (isKept[number] === 1) renumbered[number] = vocabulary.addWord(word);
  const { prefixes, symbols } = all.parts();
  for (const number of kept) {
    const kind = kinds[number];
    if (kind === 1) continue;
    const prefix = prefixes[number] === NOTHING ? NOTHING : renumbered[prefixes[number]];
    if (prefix < 0 && prefixes[number] !== NOTHING) continue;
    const symbol = kind > CHARACTERS ? symbols[number] : renumbered[symbols[number]];
    if (symbol >= 0) renumbered[number] = vocabulary.longer(prefix, symbol);
  }
  vocabulary.freeze();
  return { vocabulary, renumbered };
}
