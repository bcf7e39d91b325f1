import { invalidPattern } from "./invalid-pattern.ts";

type Predicate = (document: unknown) => boolean;

/**
 * `{ ($.level = "ERROR" || $.status >= 500) && $.user.id EXISTS }`: selectors `$.a.b[0]` and `$.['a.b']`; = and != with text (`*` stands for
 * anything) or numbers, < <= > >=, IS NULL, IS TRUE, IS FALSE, NOT EXISTS, && before ||, parentheses. Messages that are not JSON never match.
 */
export function parseJsonPattern(text: string): (message: string) => boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(text)?.[1];
  if (inner === undefined) throw invalidPattern("} is missing at the end");
  const reader = new TokenReader(inner);
  const predicate = parseEither(reader);
  if (reader.peek() !== undefined) throw invalidPattern(`${reader.peek()} was not expected`);
  return (message) => {
    const document = parsed(message);
    return document !== undefined && predicate(document);
  };
}

/** One pass over the pattern's tokens. */
class TokenReader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    const tokens: string[] = [];
    const pattern =
      /\s*(&&|\|\||!=|<=|>=|[=<>()]|"(?:[^"\\]|\\.)*"|\$(?:\.?\[(?:'[^']*'|\d+)\]|\.[\w-]+)+|[^\s"=<>!()&|%$]+)\s*/gy;
    while (pattern.lastIndex < text.length) {
      const token = pattern.exec(text)?.[1];
      if (token === undefined)
        throw invalidPattern(
          "a part of the JSON pattern is not understood (regular expressions are not supported by Rondo)",
        );
      tokens.push(token);
    }
    this.#tokens = tokens;
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw invalidPattern("it ends too early");
    return token;
  }

  takeIf(token: string): boolean {
    const found = this.peek()?.toUpperCase() === token;
    if (found) this.#next++;
    return found;
  }

  expect(token: string): void {
    if (!this.takeIf(token)) throw invalidPattern(`${token} is missing before ${this.peek() ?? "the end"}`);
  }
}

function parseEither(reader: TokenReader): Predicate {
  const parts = [parseBoth(reader)];
  while (reader.takeIf("||")) parts.push(parseBoth(reader));
  return (document) => parts.some((part) => part(document));
}

function parseBoth(reader: TokenReader): Predicate {
  const parts = [parseCondition(reader)];
  while (reader.takeIf("&&")) parts.push(parseCondition(reader));
  return (document) => parts.every((part) => part(document));
}

function parseCondition(reader: TokenReader): Predicate {
  if (reader.takeIf("(")) {
    const inside = parseEither(reader);
    reader.expect(")");
    return inside;
  }
  const select = parseSelector(reader.take());
  if (reader.takeIf("IS")) return parseIs(reader, select);
  if (reader.takeIf("EXISTS")) return (document) => select(document) !== undefined;
  if (reader.takeIf("NOT")) {
    reader.expect("EXISTS");
    return (document) => select(document) === undefined;
  }
  return parseComparison(reader, select);
}

function parseIs(reader: TokenReader, select: Selector): Predicate {
  for (const [word, value] of [
    ["NULL", null],
    ["TRUE", true],
    ["FALSE", false],
  ] as const)
    if (reader.takeIf(word)) return (document) => select(document) === value;
  throw invalidPattern("IS is followed by NULL, TRUE or FALSE");
}

const orders: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function parseComparison(reader: TokenReader, select: Selector): Predicate {
  const operator = reader.take();
  const operand = reader.take();
  const order = orders[operator];
  if (order !== undefined) {
    const right = Number(operand);
    if (Number.isNaN(right)) throw invalidPattern(`${operator} compares numbers, not ${operand}`);
    return (document) => {
      const left = select(document);
      return typeof left === "number" && order(left, right);
    };
  }
  if (operator !== "=" && operator !== "!=") throw invalidPattern(`${operator} is not an operator`);
  const equals = parseOperand(operand);
  // A member that is missing is neither equal nor unequal.
  return (document) => {
    const value = select(document);
    return value !== undefined && equals(value) === (operator === "=");
  };
}

function parseOperand(operand: string): (value: unknown) => boolean {
  const quoted = operand.startsWith('"');
  const text = quoted ? operand.slice(1, -1).replace(/\\(.)/g, "$1") : operand;
  const number = quoted ? Number.NaN : Number(text);
  const pieces = text.split("*");
  return (value) => {
    if (typeof value === "number") return value === number;
    return typeof value === "string" && matchesPieces(value, pieces);
  };
}

/** Wildcards without a regular expression: each piece is taken at its first occurrence, so the time is linear. */
function matchesPieces(value: string, pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false;
  const middle = value.slice(first.length, value.length - last.length);
  let from = 0;
  for (const piece of rest) {
    const found = middle.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return true;
}

type Selector = (document: unknown) => unknown;

function parseSelector(token: string): Selector {
  if (!token.startsWith("$")) throw invalidPattern(`${token} is not a selector such as $.level`);
  const path = [...token.matchAll(/\['([^']*)'\]|\[(\d+)\]|\.([\w-]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? name ?? Number(index),
  );
  return (document) => path.reduce<unknown>(member, document);
}

function member(value: unknown, key: string | number): unknown {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  return (value as Record<string, unknown>)[key];
}

function parsed(message: string): unknown {
  if (!/^\s*[{[]/.test(message)) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
