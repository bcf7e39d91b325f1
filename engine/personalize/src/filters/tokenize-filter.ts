import { FilterError, invalidSymbol } from "./filter-error.ts";

export type TokenKind = "text" | "number" | "parameter" | "word" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** A text without its quotes, a parameter without its `$`, everything else as it was written. */
  readonly value: string;
  /** As it was written. */
  readonly symbol: string;
  /** The first character, counted from 0. */
  readonly at: number;
}

/** https://docs.aws.amazon.com/personalize/latest/dg/API_CreateFilter.html */
export const MAX_EXPRESSION_LENGTH = 2500;

const TOKEN =
  /(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))|(?<parameter>\$\w+)|(?<word>[A-Za-z_]\w*)|(?<sign><=|>=|!=|[=<>(),.|*])/sy;

const SPACE = /\s*/y;

/** Cuts a filter expression into its symbols; the last is the "end". Throws FilterError. */
export function tokenizeFilter(expression: string): Token[] {
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    throw new FilterError(
      `The filter expression has ${expression.length} characters, and at most ${MAX_EXPRESSION_LENGTH} are allowed.`,
    );
  }
  const tokens: Token[] = [];
  let at = skipSpace(expression, 0);
  while (at < expression.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(expression);
    if (match === null) throw unreadable(expression, at);
    tokens.push({ ...describe(match), symbol: match[0], at });
    at = skipSpace(expression, TOKEN.lastIndex);
  }
  tokens.push({ kind: "end", value: "", symbol: "the end", at });
  return tokens;
}

function skipSpace(expression: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.exec(expression);
  return SPACE.lastIndex;
}

function describe({ groups = {} }: RegExpExecArray): Pick<Token, "kind" | "value"> {
  const { text, number, parameter, word, sign = "" } = groups;
  if (text !== undefined) return { kind: "text", value: unquote(text) };
  if (number !== undefined) return { kind: "number", value: number };
  if (parameter !== undefined) return { kind: "parameter", value: parameter.slice(1) };
  return word === undefined ? { kind: "sign", value: sign } : { kind: "word", value: word };
}

/** `"a \"b\""` as `a "b"`. */
export function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, "$1");
}

function unreadable(expression: string, at: number): FilterError {
  const symbol = /\S{1,30}/.exec(expression.slice(at))?.[0] ?? "";
  const explanation = symbol.startsWith('"')
    ? "The quotation mark is not closed."
    : "Texts stand in double quotes, parameters begin with $.";
  return invalidSymbol(symbol, at, explanation);
}
