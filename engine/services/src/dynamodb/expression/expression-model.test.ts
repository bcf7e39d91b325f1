import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { AttributeValue, Item } from "../attribute-value.ts";
import { bindCondition } from "./bind-condition.ts";
import { parseCondition } from "./parse-condition.ts";
import { readPlaceholders } from "./placeholders.ts";

/**
 * An independent model: items are plain JavaScript values, expressions are trees that it evaluates itself and that a printer writes as text
 * with as many or as few parentheses as it likes.
 */
type Plain = string | number | boolean | null | Uint8Array | Set<string> | Set<number> | Plain[] | Map<string, Plain>;

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

type Path = readonly (string | number)[];

const names = ["a", "b", "c"];
const numbers = fc.constantFrom(-10, -1.5, -1, 0, 0.25, 1, 2, 10, 1e20);
const texts = fc.constantFrom("", "a", "ab", "abc", "b", "\u{1F600}", "\uFFFD");
const bytes = fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 255), Uint8Array.of(255));

const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    texts,
    numbers,
    fc.boolean(),
    fc.constant(null),
    bytes,
    fc.uniqueArray(texts, { minLength: 1, maxLength: 3 }).map((values) => new Set(values)),
    fc.uniqueArray(numbers, { minLength: 1, maxLength: 3 }).map((values) => new Set(values)),
    fc.array(tie("plain"), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...names), tie("plain")), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
}));

const items = fc
  .array(fc.tuple(fc.constantFrom(...names), plain), { maxLength: 3 })
  .map((entries) => new Map<string, Plain>(entries));

const paths: fc.Arbitrary<Path> = fc
  .tuple(fc.constantFrom(...names), fc.array(fc.oneof(fc.constantFrom(...names), fc.nat(2)), { maxLength: 2 }))
  .map(([head, rest]) => [head, ...rest]);

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
  const found = tree.path.reduce<Plain | undefined>(
    (value, step) =>
      typeof step === "number"
        ? Array.isArray(value)
          ? value[step]
          : undefined
        : value instanceof Map
          ? value.get(step)
          : undefined,
    item,
  );
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

/** Equal values have equal keys; what is missing has one of its own. */
function key(value: Plain | undefined): string {
  if (value === undefined) return "missing";
  if (value instanceof Uint8Array) return `bytes ${Array.from(value).join()}`;
  if (value instanceof Set)
    return `set of ${nameOfType(value)} ${Array.from(value as Set<unknown>, String)
      .toSorted()
      .join("|")}`;
  if (value instanceof Map)
    return `map ${Array.from(value, ([name, inner]) => `${name}:${key(inner)}`)
      .toSorted()
      .join("|")}`;
  if (Array.isArray(value)) return `list ${value.map((inner) => `(${key(inner)})`).join("|")}`;
  return `${typeof value} ${String(value)}`;
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

function nameOfType(value: Plain): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return "B";
  if (value instanceof Set) return typeof Array.from(value as Set<unknown>)[0] === "string" ? "SS" : "NS";
  if (value instanceof Map) return "M";
  if (Array.isArray(value)) return "L";
  return { string: "S", number: "N", boolean: "BOOL" }[typeof value as "string" | "number" | "boolean"];
}

function toAttribute(value: Plain): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number")
    return { N: BigInt(Math.trunc(value)).toString() === String(value) ? String(value) : numberText(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (value instanceof Map) return { M: toItem(value) };
  const members = Array.from(value as Set<string | number>);
  return typeof members[0] === "string" ? { SS: members as string[] } : { NS: (members as number[]).map(numberText) };
}

function numberText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

function toItem(map: ReadonlyMap<string, Plain>): Item {
  return Object.fromEntries(Array.from(map, ([name, value]) => [name, toAttribute(value)]));
}

/** Writes a tree as text; parentheses stand only where precedence asks for them. */
function print(tree: Model, values: Record<string, unknown>): string {
  const literal = (value: Plain): string => {
    const name = `:v${Object.keys(values).length}`;
    const attribute = toAttribute(value);
    values[name] = "B" in attribute ? { B: Buffer.from(attribute.B, "base64") } : attribute;
    return name;
  };
  const path = (steps: Path): string =>
    steps.map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`)).join("");
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
