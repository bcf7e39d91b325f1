import { expressionError } from "./expression-error.ts";
import type { ExpressionKind } from "./syntax-tree.ts";

export interface Token {
  readonly kind: "identifier" | "name" | "value" | "number" | "symbol" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes of an expression. */
const MAX_BYTES = 4096;

const TOKEN =
  /\s*(?:(?<identifier>[A-Za-z_][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<number>\d+)|(?<symbol><>|<=|>=|[=<>()[\],.+-]))/y;

/** Cuts an expression into tokens; the last one is the end. Throws ValidationException on what is no token, nothing, or too much. */
export function readTokens(kind: ExpressionKind, text: string): readonly Token[] {
  if (text.trim() === "") throw expressionError(kind, "The expression can not be empty;");
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw expressionError(
      kind,
      `Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
    );
  }
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const [tokenKind, tokenText] = Object.entries(match?.groups ?? {}).find(([, found]) => found !== undefined) ?? [];
    if (tokenKind === undefined || tokenText === undefined) {
      const start = at + text.slice(at).search(/\S/);
      const token: Token = { kind: "symbol", text: text.charAt(start), start, end: start + 1 };
      throw syntaxError(kind, text, { previous: tokens.at(-1), token });
    }
    at = TOKEN.lastIndex;
    tokens.push({ kind: tokenKind as Token["kind"], text: tokenText, start: at - tokenText.length, end: at });
  }
  return [...tokens, { kind: "end", text: "<EOF>", start: end, end }];
}

export interface SyntaxErrorPlace {
  readonly previous?: Token | undefined;
  readonly token: Token;
  readonly next?: Token | undefined;
}

/** The token that does not belong there, and its neighbours. */
export function syntaxError(kind: ExpressionKind, text: string, { previous, token, next }: SyntaxErrorPlace): Error {
  const near = text.slice((previous ?? token).start, (next ?? token).end);
  return expressionError(kind, `Syntax error; token: "${token.text}", near: "${near}"`);
}
