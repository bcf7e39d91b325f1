import { type FilterError, invalidSymbol } from "./filter-error.ts";
import { type Token, tokenizeFilter } from "./tokenize-filter.ts";

/** The symbols of a filter expression, one after the other. */
export interface FilterReader {
  peek(): Token;
  /** The next symbol if it is this one; words without regard to case. */
  take(kind: Token["kind"], value?: string): Token | undefined;
  /** The next symbol, which must be this one. */
  need(kind: Token["kind"], value: string): Token;
  unexpected(expected: string): FilterError;
}

/** Throws FilterError for what is no symbol. */
export function readFilter(expression: string): FilterReader {
  const tokens = tokenizeFilter(expression);
  let place = 0;
  const peek = (): Token => tokens[place];
  const unexpected = (expected: string): FilterError => {
    const { symbol, at } = peek();
    return invalidSymbol(symbol, at, `Expected ${expected}.`);
  };
  function take(kind: Token["kind"], value?: string): Token | undefined {
    const token = peek();
    if (token.kind !== kind) return undefined;
    if (value !== undefined && token.value.toUpperCase() !== value.toUpperCase()) return undefined;
    place += 1;
    return token;
  }
  function need(kind: Token["kind"], value: string): Token {
    const token = take(kind, value);
    if (token === undefined) throw unexpected(value);
    return token;
  }
  return { peek, take, need, unexpected };
}

/** The next symbol, which must be a word. */
export function takeWord(reader: FilterReader, expected: string): Token {
  const word = reader.take("word");
  if (word === undefined) throw reader.unexpected(expected);
  return word;
}

/** The next symbol, which must be one of these words, as it stands in the list. */
export function takeOneOf<Word extends string>(reader: FilterReader, words: readonly Word[]): Word {
  const found = words.find((word) => reader.take("word", word) !== undefined);
  if (found === undefined) throw reader.unexpected(words.join(" or "));
  return found;
}
