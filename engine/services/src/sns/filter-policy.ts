import { awsError } from "@rondo/wire";
import { isScalar, type Matcher, parseMatcher, type Scalar } from "./filter-matcher.ts";
import { invalidParameter } from "./sns-error.ts";
import type { TopicMessage, TopicMessageAttribute } from "./topic-message.ts";

export type FilterScope = "MessageAttributes" | "MessageBody";

/** A policy, read: every part must match. */
export interface FilterPolicy {
  readonly scope: FilterScope;
  readonly root: FilterNode;
}

interface FilterNode {
  /** The message has a value under `key` that one of the matchers accepts. */
  readonly conditions: readonly { readonly key: string; readonly matchers: readonly Matcher[] }[];
  /** The object under `key` matches; only where the scope is the body. */
  readonly children: readonly { readonly key: string; readonly node: FilterNode }[];
  /** Of each list, one alternative matches. */
  readonly alternatives: readonly (readonly FilterNode[])[];
}

const maxKeys = 5;
const maxCombinations = 150;
const maxDepth = 10;

/**
 * Reads a filter policy, with the limits of its page: five keys, 150 combinations. Throws InvalidParameter, FilterPolicyLimitExceeded.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function parseFilterPolicy(text: string, scope: FilterScope): FilterPolicy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw refuse("failed to parse JSON.");
  }
  const counted = { keys: 0, combinations: 1 };
  const root = parseNode(document, { scope, counted, depth: 1 });
  if (counted.keys > maxKeys)
    throw awsError("InvalidParameterException", "Filter policy can not have more than 5 keys");
  if (counted.combinations > maxCombinations)
    throw awsError("InvalidParameterException", "Filter policy is too complex");
  return { scope, root };
}

interface Parsing {
  readonly scope: FilterScope;
  readonly counted: { keys: number; combinations: number };
  readonly depth: number;
}

function parseNode(document: unknown, parsing: Parsing): FilterNode {
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw refuse("Filter policy must be an object");
  if (parsing.depth > maxDepth) throw refuse(`Filter policy must not be nested deeper than ${maxDepth} levels`);
  const deeper = { ...parsing, depth: parsing.depth + 1 };
  const conditions: FilterNode["conditions"][number][] = [];
  const children: FilterNode["children"][number][] = [];
  const alternatives: FilterNode["alternatives"][number][] = [];
  for (const [key, value] of Object.entries(document)) {
    if (key === "$or" && Array.isArray(value)) {
      if (value.length < 2) throw refuse('"$or" must have at least two alternatives');
      alternatives.push(value.map((alternative) => parseNode(alternative, deeper)));
      parsing.counted.combinations *= value.length;
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw refuse("Empty arrays are not allowed");
      conditions.push({ key, matchers: value.map((condition) => parseMatcher(condition)) });
      parsing.counted.keys += 1;
      parsing.counted.combinations *= value.length;
    } else if (parsing.scope === "MessageBody" && typeof value === "object" && value !== null) {
      children.push({ key, node: parseNode(value, deeper) });
    } else {
      throw refuse(`"${key}" must be ${parsing.scope === "MessageBody" ? "an object or an array" : "an array"}`);
    }
  }
  return { conditions, children, alternatives };
}

/** Whether a subscriber with this policy gets the message. A body that is no JSON object matches no policy on the body. */
export function matchesFilterPolicy({ scope, root }: FilterPolicy, message: TopicMessage): boolean {
  if (scope === "MessageAttributes") {
    const values = Object.entries(message.attributes).map(([key, attribute]) => [key, valuesOf(attribute)] as const);
    return matchesNode(root, Object.fromEntries(values));
  }
  try {
    return matchesNode(root, JSON.parse(message.message));
  } catch {
    return false;
  }
}

function matchesNode(node: FilterNode, value: unknown): boolean {
  // Of a list of objects one has to match.
  if (Array.isArray(value)) return value.some((element) => !Array.isArray(element) && matchesNode(node, element));
  const object = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const own = (key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);
  return (
    node.conditions.every(({ key, matchers }) => {
      const values = scalarsOf(own(key));
      return matchers.some((matches) => matches(values));
    }) &&
    node.children.every((child) => matchesNode(child.node, own(child.key))) &&
    node.alternatives.every((nodes) => nodes.some((alternative) => matchesNode(alternative, value)))
  );
}

/** An attribute's values as JSON has them; binary ones cannot be filtered by. */
function valuesOf({ Type, Value }: TopicMessageAttribute): readonly Scalar[] {
  if (Type.startsWith("Number")) return [Number(Value)];
  if (Type.startsWith("Binary")) return [];
  if (Type !== "String.Array") return [Value];
  try {
    return scalarsOf(JSON.parse(Value));
  } catch {
    return [];
  }
}

function scalarsOf(value: unknown): readonly Scalar[] {
  return (Array.isArray(value) ? value : [value]).filter(isScalar);
}

function refuse(reason: string) {
  return invalidParameter(`Attributes Reason: FilterPolicy: ${reason}`);
}
