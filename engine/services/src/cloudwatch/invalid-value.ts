import { type AwsError, awsError } from "@rondo/wire";

/** CloudWatch's refusal of a parameter's value; `InvalidParameterValue` in the query protocol. */
export function invalidValue(message: string): AwsError {
  return awsError("InvalidParameterValueException", message);
}
