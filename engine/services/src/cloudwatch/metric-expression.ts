import { invalidExpression } from "./invalid-expression.ts";

/** Values by the second at which their period begins. */
export type TimeSeries = ReadonlyMap<number, number>;

/** What an expression yields: a number, a series, or several (`METRICS()`). */
export type MathValue = number | TimeSeries | readonly TimeSeries[];

export interface MathContext {
  /** The series of the query with this id. */
  series(id: string): Promise<TimeSeries>;
  /** All series of MetricStat queries, of those whose id contains the text. */
  metrics(containing: string | undefined): Promise<readonly TimeSeries[]>;
}

type Node = (context: MathContext) => Promise<MathValue>;

/**
 * CloudWatch metric math, a subset: numbers, ids of other queries, + - * / ^, parentheses, and SUM, AVG, MIN, MAX of METRICS(), METRICS("part of
 * an id"), a list `[m1, m2]` or one series. Anything else is refused. Two series meet where both have data; of several, each time that any has counts.
 */
export function parseMetricExpression(text: string): Node {
  const tokens = tokenize(text);
  let next = 0;
  const take = (): string => {
    const token = tokens[next++];
    if (token === undefined) throw invalidExpression(text, "it ends too early");
    return token;
  };
  const takeIf = (token: string): boolean => {
    if (tokens[next] !== token) return false;
    next++;
    return true;
  };
  const expect = (token: string) => {
    if (!takeIf(token)) throw invalidExpression(text, `${token} is missing`);
  };

  function parseOperators(level: number): Node {
    const operators = levels[level];
    if (operators === undefined) return parseUnary();
    let left = parseOperators(level + 1);
    while (true) {
      const operator = operators.find(takeIf);
      const apply = operator && arithmetic[operator];
      if (!apply) return left;
      const [first, second] = [left, parseOperators(level + 1)];
      left = async (context) => combine(await first(context), await second(context), apply);
    }
  }

  function parseUnary(): Node {
    if (!takeIf("-")) return parsePrimary();
    const operand = parseUnary();
    return async (context) => combine(0, await operand(context), (left, right) => left - right);
  }

  function parsePrimary(): Node {
    const token = take();
    if (token === "(") {
      const inside = parseOperators(0);
      expect(")");
      return inside;
    }
    if (token === "[") return parseList();
    if (/^[\d.]/.test(token)) return async () => Number(token);
    if (/^[a-z]\w*$/.test(token) && tokens[next] !== "(") return (context) => context.series(token);
    if (token === "METRICS") return parseMetrics();
    const reduce = reductions[token];
    if (reduce === undefined) throw invalidExpression(text, `${token} is not supported by Rondo`);
    expect("(");
    const argument = parseOperators(0);
    expect(")");
    return async (context) => reduceValue(await argument(context), reduce);
  }

  function parseList(): Node {
    const members = [parseOperators(0)];
    while (takeIf(",")) members.push(parseOperators(0));
    expect("]");
    return async (context) =>
      (await Promise.all(members.map((member) => member(context)))).map((value) => asSeries(value, text));
  }

  function parseMetrics(): Node {
    expect("(");
    const containing = tokens[next]?.startsWith('"') ? take().slice(1, -1) : undefined;
    expect(")");
    return (context) => context.metrics(containing);
  }

  const expression = parseOperators(0);
  if (next < tokens.length) throw invalidExpression(text, `${tokens[next]} was not expected`);
  return expression;
}

const levels = [["+", "-"], ["*", "/"], ["^"]] as const;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
};

const reductions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => values.reduce((left, right) => Math.min(left, right)),
  MAX: (values) => values.reduce((left, right) => Math.max(left, right)),
};

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const pattern = /\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z]\w*|"[^"]*"|[-+*/^()[\],])\s*/gy;
  while (pattern.lastIndex < text.length) {
    const token = pattern.exec(text)?.[1];
    if (token === undefined) throw invalidExpression(text, "a part of it is not supported by Rondo");
    tokens.push(token);
  }
  return tokens;
}

type Apply = (left: number, right: number) => number;

function combine(left: MathValue, right: MathValue, apply: Apply): MathValue {
  if (isList(left)) return left.map((series) => combine(series, right, apply)) as TimeSeries[];
  if (isList(right)) return right.map((series) => combine(left, series, apply)) as TimeSeries[];
  if (typeof left === "number")
    return typeof right === "number" ? apply(left, right) : mapped(right, (value) => apply(left, value));
  if (typeof right === "number") return mapped(left, (value) => apply(value, right));
  return mapped(left, (value, start) => apply(value, right.get(start) ?? Number.NaN));
}

/** What is not a number (no data on the other side, a division by zero) is no data. */
function mapped(series: TimeSeries, apply: (value: number, start: number) => number): TimeSeries {
  const entries = [...series].map(([start, value]) => [start, apply(value, start)] as const);
  return new Map(entries.filter(([, value]) => Number.isFinite(value)));
}

function reduceValue(value: MathValue, reduce: (values: readonly number[]) => number): MathValue {
  if (typeof value === "number") return value;
  if (!isList(value)) return value.size === 0 ? value : reduce([...value.values()]);
  const starts = new Set(value.flatMap((series) => [...series.keys()]));
  return new Map(
    [...starts]
      .sort((left, right) => left - right)
      .map((start) => {
        const present = value.flatMap((series) => series.get(start) ?? []);
        return [start, reduce(present)] as const;
      }),
  );
}

function asSeries(value: MathValue, text: string): TimeSeries {
  if (typeof value === "number" || isList(value)) throw invalidExpression(text, "a list holds series");
  return value;
}

function isList(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}
