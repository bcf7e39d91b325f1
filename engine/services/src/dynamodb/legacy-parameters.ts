import { validationError } from "./validation-error.ts";

/** What AWS itself calls legacy, and the expression that has taken its place. */
const replacements = {
  Expected: "ConditionExpression",
  ConditionalOperator: "AND, OR and NOT in an expression",
  AttributeUpdates: "UpdateExpression",
  KeyConditions: "KeyConditionExpression",
  QueryFilter: "FilterExpression",
  ScanFilter: "FilterExpression",
  AttributesToGet: "ProjectionExpression",
} as const;

/** Throws ValidationException for a legacy parameter, naming what says the same. */
export function refuseLegacyParameters(input: object): void {
  for (const [parameter, replacement] of Object.entries(replacements)) {
    if ((input as Record<string, unknown>)[parameter] === undefined) continue;
    throw validationError(`The legacy parameter ${parameter} is not supported here; use ${replacement}.`);
  }
}
