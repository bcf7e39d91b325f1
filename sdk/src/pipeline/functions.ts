import { Expression, type Value } from "./expression.ts";
import type { PropertyFile } from "./property-file.ts";

/**
 * The values as text with `on` between them (`Std:Join`).
 *
 * @example
 * ```ts
 * import { ExecutionVariables, join } from "@rondo/sdk";
 * join("/", ["s3://my-bucket/models", ExecutionVariables.pipelineExecutionId]);
 * ```
 */
export function join(on: string, values: readonly Value<string | number | boolean>[]): Expression {
  return new Expression({ "Std:Join": { On: on, Values: values } });
}

/**
 * A value out of a property file that an earlier processing step wrote (`Std:JsonGet`).
 * @param jsonPath `metrics.accuracy.value`, `items[0]['a key']`
 */
export function jsonGet(stepName: string, propertyFile: PropertyFile, jsonPath: string): Expression {
  const file = { Get: `Steps.${stepName}.PropertyFiles.${propertyFile.name}` };
  return new Expression({ "Std:JsonGet": { PropertyFile: file, Path: jsonPath } });
}
