import { createHash } from "node:crypto";
import type { Json, JsonObject } from "./definition.ts";

/**
 * The members of a request that decide whether an earlier run counts as the same; outputs, names, tags, roles and instances do not. Source: "Default cache
 * key attributes by pipeline step type" of the SageMaker developer guide.
 */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Processing: ["AppSpecification", "Environment", "ProcessingInputs"],
  Training: [
    "AlgorithmSpecification",
    "CheckpointConfig",
    "DebugHookConfig",
    "DebugRuleConfigurations",
    "Environment",
    "HyperParameters",
    "InputDataConfig",
  ],
};

/**
 * What a step's run is known by, of its evaluated arguments: equal for requests that differ in no attribute of the key, whatever the order of their members.
 * Undefined for step types that are never cached.
 */
export function cacheKeyOf(
  step: { readonly name: string; readonly type: string },
  request: JsonObject,
): string | undefined {
  const attributes = ATTRIBUTES[step.type];
  if (attributes === undefined) return undefined;
  const values = attributes.map((attribute) => canonical(request[attribute] ?? null));
  return createHash("sha256")
    .update(JSON.stringify([step.name, step.type, values]))
    .digest("base64url");
}

function canonical(value: Json): Json {
  if (Array.isArray(value)) return { list: value.map((element: Json) => canonical(element)) };
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as JsonObject).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, member]) => [key, canonical(member)]);
}
