import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bindCondition } from "./bind-condition.ts";
import { parseCondition } from "./parse-condition.ts";
import { readPlaceholders } from "./placeholders.ts";
import {
  bytes,
  items,
  key,
  nameOfType,
  numbers,
  type Path,
  type Plain,
  paths,
  plain,
  printPath,
  printValue,
  texts,
  toItem,
  valueAtPath,
} from "./testing/plain-values.ts";

/** An independent model: conditions are trees that it evaluates itself and that a printer writes as text. */
type Model =
  | { readonly is: "compare"; readonly operator: string; readonly path: Path; readonly value: Plain }
  | { readonly is: "between"; readonly path: Path; readonly low: number; readonly high: number }
  | { readonly is: "in"; readonly path: Path; readonly values: readonly Plain[] }
  | { readonly is: "exists"; readonly path: Path }
  | { readonly is: "absent"; readonly path: Path }
  | { readonly is: "type"; readonly path: Path; readonly type: string }
  | { readonly is: "begins"; readonly path: Path; readonly value: string }
  | { readonly is: "contains"; readonly path: Path; readonly value: string | number }
  | { readonly is: "size"; readonly path: Path; readonly operator: string; readonly value: number }
  | { readonly is: "and"; readonly left: Model; readonly right: Model }
  | { readonly is: "or"; readonly left: Model; readonly right: Model }
  | { readonly is: "not"; readonly inner: Model };

const orderings = fc.constantFrom("<", "<=", ">", ">=");

const { model } = fc.letrec<{ model: Model }>((tie) => ({
  model: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ is: fc.constant("compare"), operator: fc.constantFrom("=", "<>"), path: paths, value: plain }),
    fc.record({ is: fc.constant("compare"), operator: orderings, path: paths, value: fc.oneof(texts, numbers, bytes) }),
    fc
      .record({ is: fc.constant("between"), path: paths, low: numbers, high: numbers })
      .map((one) => ({ ...one, low: Math.min(one.low, one.high), high: Math.max(one.low, one.high) })),
    fc.record({ is: fc.constant("in"), path: paths, values: fc.array(plain, { minLength: 1, maxLength: 3 }) }),
    fc.record({ is: fc.constantFrom("exists", "absent"), path: paths }),
    fc.record({
      is: fc.constant("type"),
      path: paths,
      type: fc.constantFrom("S", "N", "B", "SS", "NS", "M", "L", "BOOL", "NULL"),
    }),
    fc.record({ is: fc.constant("begins"), path: paths, value: texts }),
    fc.record({ is: fc.constant("contains"), path: paths, value: fc.oneof(texts, numbers) }),
    fc.record({ is: fc.constant("size"), path: paths, operator: orderings, value: fc.nat(4) }),
    fc.record({ is: fc.constantFrom("and", "or"), left: tie("model"), right: tie("model") }),
    fc.record({ is: fc.constant("not"), inner: tie("model") }),
  ) as fc.Arbitrary<Model>,
}));

function evaluate(tree: Model, item: Map<string, Plain>): boolean {
  if (tree.is === "and") return evaluate(tree.left, item) && evaluate(tree.right, item);
  if (tree.is === "or") return evaluate(tree.left, item) || evaluate(tree.right, item);
  if (tree.is === "not") return !evaluate(tree.inner, item);
  const found = valueAtPath(item, tree.path);
  switch (tree.is) {
    case "compare":
      if (tree.operator === "=" || tree.operator === "<>")
        return (key(found) === key(tree.value)) === (tree.operator === "=");
      return ordered(found, tree.value, tree.operator);
    case "between":
      return typeof found === "number" && found >= tree.low && found <= tree.high;
    case "in":
      return tree.values.some((value) => key(value) === key(found));
    case "exists":
      return found !== undefined;
    case "absent":
      return found === undefined;
    case "type":
      return found !== undefined && nameOfType(found) === tree.type;
    case "begins":
      return typeof found === "string" && found.startsWith(tree.value);
    case "contains":
      if (typeof found === "string") return typeof tree.value === "string" && found.includes(tree.value);
      if (Array.isArray(found)) return found.some((element) => key(element) === key(tree.value));
      return found instanceof Set && (found as Set<unknown>).has(tree.value);
    default: {
      const size =
        typeof found === "string" || Array.isArray(found)
          ? found.length
          : found instanceof Uint8Array
            ? found.byteLength
            : found instanceof Set || found instanceof Map
              ? found.size
              : undefined;
      return size !== undefined && ordered(size, tree.value, tree.operator);
    }
  }
}

function ordered(a: Plain | undefined, b: Plain, operator: string): boolean {
  let order: number;
  if (typeof a === "number" && typeof b === "number") order = a - b;
  else if (typeof a === "string" && typeof b === "string") order = compareCodePoints([...a], [...b]);
  else if (a instanceof Uint8Array && b instanceof Uint8Array) order = Buffer.compare(a, b);
  else return false;
  return { "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0 }[operator] ?? false;
}

/** UTF-8 sorts by code points, JavaScript's own comparison does not. */
function compareCodePoints([a, ...restA]: readonly string[], [b, ...restB]: readonly string[]): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0) || compareCodePoints(restA, restB);
}

/** Writes a tree as text; parentheses stand only where precedence asks for them. */
function print(tree: Model, values: Record<string, unknown>): string {
  const literal = (value: Plain): string => printValue(value, values);
  const path = printPath;
  const inner = (part: Model, wraps: readonly Model["is"][]): string =>
    wraps.includes(part.is) ? `(${print(part, values)})` : print(part, values);
  switch (tree.is) {
    case "and":
      return `${inner(tree.left, ["or"])} AND ${inner(tree.right, ["or", "and"])}`;
    case "or":
      return `${inner(tree.left, [])} or ${inner(tree.right, ["or"])}`;
    case "not":
      return `NOT ${inner(tree.inner, ["and", "or"])}`;
    case "compare":
      return `${path(tree.path)}${tree.operator}${literal(tree.value)}`;
    case "between":
      return `${path(tree.path)} BETWEEN ${literal(tree.low)} AND ${literal(tree.high)}`;
    case "in":
      return `${path(tree.path)} IN (${tree.values.map(literal).join(", ")})`;
    case "exists":
      return `attribute_exists(${path(tree.path)})`;
    case "absent":
      return `attribute_not_exists (${path(tree.path)})`;
    case "type":
      return `attribute_type(${path(tree.path)}, ${literal(tree.type)})`;
    case "begins":
      return `begins_with(${path(tree.path)}, ${literal(tree.value)})`;
    case "contains":
      return `contains(${path(tree.path)}, ${literal(tree.value)})`;
    default:
      return `size(${path(tree.path)}) ${tree.operator} ${literal(tree.value)}`;
  }
}

describe("conditions", () => {
  test("evaluate as an independent model does, over random items and expressions", () => {
    let held = 0;
    fc.assert(
      fc.property(model, fc.array(items, { minLength: 1, maxLength: 5 }), (tree, candidates) => {
        const values: Record<string, unknown> = {};
        const text = print(tree, values);
        const hasValues = Object.keys(values).length > 0;
        const placeholders = readPlaceholders(hasValues ? { ExpressionAttributeValues: values } : {});
        const holds = bindCondition(parseCondition("ConditionExpression", text), placeholders);
        placeholders.checkAllUsed();
        for (const item of candidates) {
          const expected = evaluate(tree, item);
          assert.equal(holds(toItem(item)), expected, text);
          if (expected) held++;
        }
      }),
      { numRuns: 3_000 },
    );
    assert.ok(held > 500, `only ${held} conditions held: the comparison says little`);
  });
});
