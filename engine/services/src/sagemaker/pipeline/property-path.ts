import type { Json } from "./definition.ts";

/** One step into a value: a member's name, or an index of a list. */
export type PathSegment = string | number;

/** `.name`, `name` at the beginning, `[0]`, `['name']`, `["name"]`. */
const SEGMENT = /(?:^|\.)([A-Za-z0-9_-]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/** The longest path that is read, in characters. */
const MAX_PATH = 1024;

/**
 * The segments of a property path (`ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri`) or of a JSONPath as JsonGet has it (`$.metrics.accuracy`,
 * `metrics[0]['a b']`); undefined when it is not one. Of JSONPath these are members and indexes: the SDK's and the guide's paths are of no other form.
 */
export function parsePropertyPath(text: string): readonly PathSegment[] | undefined {
  const path = text.replace(/^\$(?:\.|(?=\[))/, "");
  if (path === "" || path.startsWith(".") || path.length > MAX_PATH) return undefined;
  const segments: PathSegment[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) return undefined;
    const [, member, index, single, double] = match;
    segments.push(index === undefined ? (member ?? single ?? double ?? "") : Number(index));
  }
  return segments;
}

/** The members that name the elements of a list which a property path addresses by name, as the Python SDK does for these. */
const KEY_MEMBERS = ["OutputName", "InputName", "ChannelName", "VariantName", "MetricName", "Key"] as const;

/** What a path leads to, or undefined. A name on a list finds the element that bears it: `Outputs['train']`. */
export function followPath(value: Json, segments: readonly PathSegment[]): Json | undefined {
  let current: Json | undefined = value;
  for (const segment of segments) {
    if (Array.isArray(current)) {
      const list = current as readonly Json[];
      current = typeof segment === "number" ? list[segment] : list.find((element) => isNamed(element, segment));
    } else if (typeof current === "object" && current !== null) {
      current = Object.hasOwn(current, segment) ? (current as Readonly<Record<string, Json>>)[segment] : undefined;
    } else return undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

function isNamed(element: Json, name: string): boolean {
  if (typeof element !== "object" || element === null || Array.isArray(element)) return false;
  const members = element as Readonly<Record<string, Json>>;
  return KEY_MEMBERS.some((key) => Object.hasOwn(members, key) && members[key] === name);
}
