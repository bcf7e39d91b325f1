import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Item } from "../attribute-value.ts";
import { bindUpdate } from "./bind-update.ts";
import { parseUpdate } from "./parse-update.ts";
import { readPlaceholders } from "./placeholders.ts";
import {
  paths as anyPaths,
  nameOfType,
  numbers,
  type Path,
  type Plain,
  plain,
  printPath,
  printValue,
  texts,
  toItem,
  valueAtPath,
} from "./testing/plain-values.ts";

type Operand =
  | { readonly is: "value"; readonly value: Plain }
  | { readonly is: "path"; readonly path: Path }
  | { readonly is: "if_not_exists"; readonly path: Path; readonly otherwise: Operand }
  | { readonly is: "list_append"; readonly first: Operand; readonly second: Operand };

type SetValue = Operand | { readonly is: "+" | "-"; readonly left: Operand; readonly right: Operand };

type Action =
  | { readonly is: "SET"; readonly path: Path; readonly value: SetValue }
  | { readonly is: "REMOVE"; readonly path: Path }
  | { readonly is: "ADD" | "DELETE"; readonly path: Path; readonly value: Plain };

const sections = ["SET", "REMOVE", "ADD", "DELETE"] as const;

/** An attribute of any kind, a list and a map, so that most paths lead somewhere. */
const items = fc
  .record({
    a: plain,
    b: fc.array(fc.oneof(numbers, plain), { maxLength: 4 }),
    c: fc
      .uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 3 })
      .chain((names) =>
        fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), plain))).map((entries) => new Map(entries)),
      ),
  })
  .map((fields) => new Map<string, Plain>(Object.entries(fields)));

const paths: fc.Arbitrary<Path> = fc.oneof(
  fc.constantFrom<Path>(["a"], ["b"], ["c"], ["d"], ["e"]),
  fc.nat(7).map((at): Path => ["b", at]),
  fc.constantFrom("a", "b", "c", "d").map((name): Path => ["c", name]),
  anyPaths,
);

const { operand } = fc.letrec<{ operand: Operand }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({ is: fc.constant("value"), value: fc.oneof(numbers, fc.array(numbers, { maxLength: 2 }), plain) }),
    fc.record({ is: fc.constant("path"), path: paths }),
    fc.record({ is: fc.constant("if_not_exists"), path: paths, otherwise: tie("operand") }),
    fc.record({ is: fc.constant("list_append"), first: tie("operand"), second: tie("operand") }),
  ) as fc.Arbitrary<Operand>,
}));

const sets = fc.oneof(
  fc.uniqueArray(texts, { minLength: 1, maxLength: 3 }).map((values) => new Set(values)),
  fc.uniqueArray(numbers, { minLength: 1, maxLength: 3 }).map((values) => new Set(values)),
);

const action = fc.oneof(
  fc.record({ is: fc.constant("SET"), path: paths, value: operand }),
  fc.record({
    is: fc.constant("SET"),
    path: paths,
    value: fc.record({ is: fc.constantFrom("+", "-"), left: operand, right: operand }),
  }),
  fc.record({ is: fc.constant("REMOVE"), path: paths }),
  fc.record({ is: fc.constant("ADD"), path: paths, value: fc.oneof(numbers, sets) }),
  fc.record({ is: fc.constant("DELETE"), path: paths, value: sets }),
) as fc.Arbitrary<Action>;

const updates = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 4 }),
  order: fc.shuffledSubarray([...sections], { minLength: sections.length }),
});

class Refused extends Error {}

function refuse(): never {
  throw new Refused();
}

/** Lists with holes: every position keeps its number until all actions are done, and then the holes close. */
type Open = Exclude<Plain, Plain[] | Map<string, Plain>> | Map<string | number, Open> | Holes;

class Holes {
  readonly elements: Map<number, Open>;

  constructor(elements: Map<number, Open>) {
    this.elements = elements;
  }
}

function open(value: Plain): Open {
  if (Array.isArray(value)) return new Holes(new Map(value.map((element, at) => [at, open(element)])));
  if (value instanceof Map) return new Map(Array.from(value, ([name, inner]) => [name, open(inner)]));
  return value;
}

function close(value: Open): Plain {
  if (value instanceof Holes) {
    return Array.from(value.elements)
      .toSorted(([a], [b]) => a - b)
      .map(([, element]) => close(element));
  }
  if (value instanceof Map) return new Map(Array.from(value, ([name, inner]) => [String(name), close(inner)]));
  return value;
}

/** The map or list that holds what a path names. */
function holderOf(root: Open, path: Path): Map<string | number, Open> | undefined {
  const inside = (value: Open | undefined, step: string | number | undefined) => {
    if (typeof step === "number")
      return value instanceof Holes ? (value.elements as Map<string | number, Open>) : undefined;
    return value instanceof Map ? value : undefined;
  };
  let holder = inside(root, path[0]);
  for (const [at, step] of path.entries()) {
    if (at + 1 === path.length) return holder;
    holder = inside(holder?.get(step), path[at + 1]);
  }
  return holder;
}

/** The update by the book: all values of the item as it was, then each action by itself. Throws Refused. */
function model(item: Map<string, Plain>, actions: readonly Action[]): Map<string, Plain> {
  for (const [at, one] of actions.entries()) for (const other of actions.slice(0, at)) checkApart(one.path, other.path);
  for (const one of actions) if (one.is === "SET") checkLiterals(one.value);
  const root = open(item);
  for (const one of actions) {
    const { path } = one;
    const holder = holderOf(root, path);
    const place = path.at(-1) as string | number;
    const before = valueAtPath(item, path);
    if (one.is === "REMOVE") (holder ?? refuse()).delete(place);
    else {
      const after = one.is === "SET" ? compute(item, one.value) : changed(one, before);
      if (after !== undefined) (holder ?? refuse()).set(place, open(after));
      else holder?.delete(place);
    }
  }
  return close(root) as Map<string, Plain>;
}

function checkApart(a: Path, b: Path): void {
  const at = a.findIndex((step, index) => step !== b[index]);
  const apart = at !== -1 && at < b.length && typeof a[at] === typeof b[at];
  if (!apart) refuse();
}

/** A literal of a wrong type is refused wherever it stands, also where it would not be looked at. */
function checkLiterals(value: SetValue): void {
  if (value.is === "if_not_exists") checkLiterals(value.otherwise);
  if (value.is === "value" || value.is === "path" || value.is === "if_not_exists") return;
  const [operands, type] =
    value.is === "list_append" ? [[value.first, value.second], "L"] : [[value.left, value.right], "N"];
  for (const one of operands) {
    if (one.is === "value" && nameOfType(one.value) !== type) refuse();
    checkLiterals(one);
  }
}

function compute(item: Map<string, Plain>, value: SetValue): Plain {
  switch (value.is) {
    case "value":
      return value.value;
    case "path":
      return required(valueAtPath(item, value.path));
    case "if_not_exists":
      return valueAtPath(item, value.path) === undefined
        ? compute(item, value.otherwise)
        : required(valueAtPath(item, value.path));
    case "list_append": {
      const [first, second] = [compute(item, value.first), compute(item, value.second)];
      return Array.isArray(first) && Array.isArray(second) ? first.concat(second) : refuse();
    }
    default: {
      const [left, right] = [compute(item, value.left), compute(item, value.right)];
      if (typeof left !== "number" || typeof right !== "number") return refuse();
      return value.is === "+" ? left + right : left - right;
    }
  }
}

function required(value: Plain | undefined): Plain {
  return value === undefined ? refuse() : value;
}

function changed(
  { is, value }: { readonly is: "ADD" | "DELETE"; readonly value: Plain },
  before: Plain | undefined,
): Plain | undefined {
  if (before === undefined) return is === "ADD" ? value : undefined;
  if (nameOfType(before) !== nameOfType(value)) return refuse();
  if (!(before instanceof Set && value instanceof Set)) return Number(before) + Number(value);
  const [old, given] = [Array.from<unknown>(before), Array.from<unknown>(value)];
  const left = new Set(is === "ADD" ? old.concat(given) : old.filter((member) => !given.includes(member)));
  return left.size === 0 ? undefined : (left as Set<string>);
}

function print(
  { actions, order }: { readonly actions: readonly Action[]; readonly order: readonly Action["is"][] },
  values: Record<string, unknown>,
): string {
  const printed = (value: SetValue): string => {
    switch (value.is) {
      case "value":
        return printValue(value.value, values);
      case "path":
        return printPath(value.path);
      case "if_not_exists":
        return `if_not_exists(${printPath(value.path)}, ${printed(value.otherwise)})`;
      case "list_append":
        return `list_append(${printed(value.first)}, ${printed(value.second)})`;
      default:
        return `${printed(value.left)} ${value.is} ${printed(value.right)}`;
    }
  };
  const clause = (one: Action): string => {
    if (one.is === "REMOVE") return printPath(one.path);
    if (one.is === "SET") return `${printPath(one.path)} = ${printed(one.value)}`;
    return `${printPath(one.path)} ${printValue(one.value, values)}`;
  };
  return order
    .map((section) => ({ section, clauses: actions.filter(({ is }) => is === section).map(clause) }))
    .filter(({ clauses }) => clauses.length > 0)
    .map(({ section, clauses }) => `${section} ${clauses.join(", ")}`)
    .join(" ");
}

/** The item after the update, or "refused"; any other failure is one of the test. */
function outcomeOf(work: () => Item): Item | "refused" {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused || (error instanceof Error && error.name === "ValidationException")) return "refused";
    throw error;
  }
}

test("updates do what an independent model does, over random items and expressions", () => {
  let applied = 0;
  fc.assert(
    fc.property(updates, items, (update, item) => {
      const values: Record<string, unknown> = {};
      const text = print(update, values);
      const hasValues = Object.keys(values).length > 0;
      const expected = outcomeOf(() => toItem(model(item, update.actions)));
      const found = outcomeOf(() => {
        const placeholders = readPlaceholders(hasValues ? { ExpressionAttributeValues: values } : {});
        return bindUpdate(parseUpdate(text), placeholders).apply(toItem(item));
      });
      assert.deepEqual(found, expected, text);
      if (expected !== "refused") applied++;
    }),
    { numRuns: 4_000 },
  );
  assert.ok(applied > 500, `only ${applied} updates were applied: the comparison says little`);
});
