import { type AwsError, awsError } from "@rondo/wire";

/** DynamoDB's answer to what it cannot accept. */
export function validationError(message: string): AwsError {
  return awsError("ValidationException", message);
}

/** The beginning of many of its texts. */
export function invalidParameter(detail: string): AwsError {
  return validationError(`One or more parameter values were invalid: ${detail}`);
}
