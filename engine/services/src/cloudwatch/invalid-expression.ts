import { type AwsError, awsError } from "@rondo/wire";

/** The refusal of a metric math expression, as GetMetricData answers it. */
export function invalidExpression(expression: string, reason: string): AwsError {
  return awsError("ValidationError", `Error in expression '${expression}': ${reason}.`);
}
