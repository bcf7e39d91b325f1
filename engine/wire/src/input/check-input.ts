import { boundedMap } from "../bounded-map.ts";
import { wrongType } from "../codec/serialization-error.ts";
import type { Constraint, Constraints } from "../constraint.ts";
import type { ListShape, MapShape, Member, Shape, StructureShape } from "../shape.ts";
import type { Violation } from "./violation.ts";

export interface InputRules {
  readonly constraints: Constraints;
  /** The values of the enumeration that a member has, by `Structure.member` (`…[]`, `…{key}`, `…{value}` for elements). */
  readonly enumOf: (key: string) => readonly string[] | undefined;
}

/** AWS stops listing violations at some point; a body of a million wrong elements must not become a message of its size. */
const mostViolations = 10;

interface Walk {
  readonly rules: InputRules;
  readonly violations: Violation[];
}

/** Checks an input that has the right types against required members, enumerations, lengths, ranges and patterns. */
export function checkInput(
  shape: StructureShape,
  input: Readonly<Record<string, unknown>>,
  rules: InputRules,
): readonly Violation[] {
  const walk: Walk = { rules, violations: [] };
  checkStructure(shape, input, "", walk);
  return walk.violations;
}

function checkStructure(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  walk: Walk,
): void {
  for (const member of shape.members) {
    const memberPath = path === "" ? lowerCamel(member.name) : `${path}.${lowerCamel(member.name)}`;
    const item = value[member.name];
    if (item !== undefined && item !== null)
      checkValue({ member, key: `${shape.name}.${member.name}`, path: memberPath }, item, walk);
    else if (member.required) report(walk, { path: memberPath, value: null, constraint: "Member must not be null" });
    if (walk.violations.length >= mostViolations) return;
  }
}

interface Place {
  readonly member: Member;
  readonly key: string;
  readonly path: string;
}

function checkValue(place: Place, value: unknown, walk: Walk): void {
  const { member, key, path } = place;
  for (const constraint of failed(member.shape, value, key, walk.rules))
    report(walk, { path, value: shown(member, value), constraint });
  if (member.shape.kind === "structure") checkStructure(member.shape, value as Record<string, unknown>, path, walk);
  else if (member.shape.kind === "list") checkList(place, member.shape, value as readonly unknown[], walk);
  else if (member.shape.kind === "map") checkMap(place, member.shape, value as Record<string, unknown>, walk);
}

function checkList({ key, path }: Place, { element }: ListShape, items: readonly unknown[], walk: Walk): void {
  for (const [i, item] of items.entries()) {
    const place = { member: element, key: `${key}[]`, path: `${path}.${i + 1}.member` };
    if (item === undefined || item === null)
      report(walk, { path: place.path, value: null, constraint: "Member must not be null" });
    else checkValue(place, item, walk);
    if (walk.violations.length >= mostViolations) return;
  }
}

/** A map is reported as a whole, with what its keys or values fail. */
function checkMap(
  { key, path, member }: Place,
  shape: MapShape,
  map: Readonly<Record<string, unknown>>,
  walk: Walk,
): void {
  for (const [name, item] of Object.entries(map)) {
    const keys = failed(shape.key.shape, name, `${key}{key}`, walk.rules);
    if (keys.length > 0)
      report(walk, {
        path,
        value: shown(member, map),
        constraint: `Map keys must satisfy constraint: [${keys.join(", ")}]`,
      });
    if (shape.value.shape.kind === "structure" || shape.value.shape.kind === "list") {
      checkValue({ member: shape.value, key: `${key}{value}`, path: `${path}.${name}.member` }, item, walk);
    } else {
      const values = failed(shape.value.shape, item, `${key}{value}`, walk.rules);
      if (values.length > 0)
        report(walk, {
          path,
          value: shown(member, map),
          constraint: `Map value must satisfy constraint: [${values.join(", ")}]`,
        });
    }
    if (walk.violations.length >= mostViolations) return;
  }
}

function failed(shape: Shape, value: unknown, key: string, { constraints, enumOf }: InputRules): string[] {
  const constraint = constraints[key];
  if (shape.kind === "number" && constraint?.isFractional !== true && !Number.isInteger(value))
    throw wrongType(value, "an Integer");
  const messages = constraint === undefined ? [] : failedConstraint(shape, value, constraint);
  const values = shape.kind === "string" ? enumOf(key) : undefined;
  if (values !== undefined && !values.includes(value as string))
    messages.push(`Member must satisfy enum value set: [${values.join(", ")}]`);
  return messages;
}

function failedConstraint(shape: Shape, value: unknown, { min, max, pattern }: Constraint): string[] {
  const messages: string[] = [];
  const size = sizeOf(shape, value);
  const what = shape.kind === "number" || shape.kind === "bigInteger" ? "value" : "length";
  if (size !== undefined && max !== undefined && size > max)
    messages.push(`Member must have ${what} less than or equal to ${max}`);
  else if (size !== undefined && min !== undefined && size < min)
    messages.push(`Member must have ${what} greater than or equal to ${min}`);
  if (
    pattern !== undefined &&
    typeof value === "string" &&
    !(max !== undefined && value.length > max) &&
    !compiled(pattern).test(value)
  ) {
    messages.push(`Member must satisfy regular expression pattern: ${pattern}`);
  }
  return messages;
}

function sizeOf(shape: Shape, value: unknown): number | undefined {
  if (shape.kind === "string") return codePoints(value as string);
  if (shape.kind === "list") return (value as readonly unknown[]).length;
  if (shape.kind === "map") return Object.keys(value as object).length;
  if (shape.kind === "blob") return value instanceof Uint8Array ? value.byteLength : undefined;
  return shape.kind === "number" || shape.kind === "bigInteger" ? Number(value) : undefined;
}

/** Characters as AWS counts them, without an array of them. */
function codePoints(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++)
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--;
  return count;
}

const patterns = boundedMap<string, RegExp>(1024);

function compiled(pattern: string): RegExp {
  return patterns.get(pattern) ?? patterns.set(pattern, new RegExp(`^(?:${pattern})$`, "u"));
}

function shown({ shape, traits }: Member, value: unknown): string | undefined {
  if (traits.sensitive || shape.kind === "blob") return undefined;
  if (shape.kind === "list") {
    if (shape.element.traits.sensitive) return undefined;
    return `[${(value as readonly unknown[])
      .slice(0, 100)
      .map((item) => shown(shape.element, item) ?? "…")
      .join(", ")}]`;
  }
  if (shape.kind === "map") {
    const entries = Object.entries(value as object).slice(0, 100);
    return shape.value.traits.sensitive
      ? undefined
      : `{${entries.map(([key, item]) => `${key}=${shown(shape.value, item) ?? "…"}`).join(", ")}}`;
  }
  if (shape.kind === "structure") return `${shape.name}`;
  return value instanceof Date ? value.toISOString() : String(value);
}

function report(walk: Walk, violation: Violation): void {
  if (walk.violations.length < mostViolations) walk.violations.push(violation);
}

/** `S3Uri` → `s3Uri`, `ARN` → `aRN`: AWS lowers the first letter only. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
