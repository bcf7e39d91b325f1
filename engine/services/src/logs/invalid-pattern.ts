import { type AwsError, awsError } from "@rondo/wire";

/** The refusal of a filter pattern. */
export function invalidPattern(reason: string): AwsError {
  return awsError("InvalidParameterException", `Invalid filter pattern: ${reason}.`);
}
