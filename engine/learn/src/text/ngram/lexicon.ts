/** Which n-grams texts are taken apart into. */
export interface NgramLengths {
  /** Longest word n-gram; all from single words on are used. */
  readonly wordNgrams: number;
  /** Lengths of the n-grams of characters within a word that a blank was put before and after; maxChar 0 = none. */
  readonly minChar: number;
  readonly maxChar: number;
}

/** What knows n-grams: a vocabulary, or hashing. States and features are numbers of 0 or more, −1 = unknown. */
export interface Lexicon {
  readonly lengths: NgramLengths;
  /** State after a word at the start of an n-gram. */
  word(token: string): number;
  /** State after one word more. */
  longer(state: number, word: number): number;
  /** The feature of a word n-gram's state. */
  feature(state: number): number;
  /** Features of the n-grams of characters of a token. */
  characters(token: string): readonly number[];
}

/** Calls back with each known n-gram of a text: its feature, and from which token up to which it reaches. */
export function eachNgram(
  tokens: readonly string[],
  lexicon: Lexicon,
  visit: (feature: number, first: number, end: number) => void,
): void {
  const { wordNgrams, maxChar } = lexicon.lengths;
  const words = tokens.map((token) => lexicon.word(token));
  for (let first = 0; first < words.length; first++) {
    let state = words[first];
    if (state < 0) continue;
    visit(lexicon.feature(state), first, first + 1);
    const end = Math.min(first + wordNgrams, words.length);
    for (let next = first + 1; next < end && words[next] >= 0; next++) {
      state = lexicon.longer(state, words[next]);
      if (state < 0) break;
      visit(lexicon.feature(state), first, next + 1);
    }
  }
  if (maxChar === 0) return;
  for (const [index, token] of tokens.entries()) {
    for (const feature of lexicon.characters(token)) visit(feature, index, index + 1);
  }
}
