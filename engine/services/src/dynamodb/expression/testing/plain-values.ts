import fc from "fast-check";
import type { AttributeValue, Item } from "../../attribute-value.ts";

/** Attribute values as plain JavaScript, for models of expressions that share nothing with what they test. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | Set<string>
  | Set<number>
  | Plain[]
  | Map<string, Plain>;

export type Path = readonly (string | number)[];

const names = ["a", "b", "c"];
export const numbers = fc.constantFrom(-10, -1.5, -1, 0, 0.25, 1, 2, 10, 1e12);
export const texts = fc.constantFrom("", "a", "ab", "abc", "b", "\u{1F600}", "\uFFFD");
export const bytes = fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 255), Uint8Array.of(255));

export const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
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

export const items = fc
  .array(fc.tuple(fc.constantFrom(...names), plain), { maxLength: 3 })
  .map((entries) => new Map<string, Plain>(entries));

export const paths: fc.Arbitrary<Path> = fc
  .tuple(fc.constantFrom(...names), fc.array(fc.oneof(fc.constantFrom(...names), fc.nat(2)), { maxLength: 2 }))
  .map(([head, rest]) => [head, ...rest]);

/** What is at a path. */
export function valueAtPath(item: Map<string, Plain>, path: Path): Plain | undefined {
  return path.reduce<Plain | undefined>((value, step) => {
    if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
    return value instanceof Map ? value.get(step) : undefined;
  }, item);
}

/** Equal values have equal keys; what is missing has one of its own. */
export function key(value: Plain | undefined): string {
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

export function nameOfType(value: Plain): string {
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

export function toItem(map: ReadonlyMap<string, Plain>): Item {
  return Object.fromEntries(Array.from(map, ([name, value]) => [name, toAttribute(value)]));
}

/** Notes a value under a new placeholder. */
export function printValue(value: Plain, values: Record<string, unknown>): string {
  const name = `:v${Object.keys(values).length}`;
  const attribute = toAttribute(value);
  values[name] = "B" in attribute ? { B: Buffer.from(attribute.B, "base64") } : attribute;
  return name;
}

export function printPath(path: Path): string {
  return path.map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`)).join("");
}
