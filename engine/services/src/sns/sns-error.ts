import { type AwsError, awsError } from "@rondo/wire";

/** `Invalid parameter: …`, SNS's text for every refusal of a value. */
export function invalidParameter(reason: string): AwsError {
  return awsError("InvalidParameterException", `Invalid parameter: ${reason}`);
}

export function topicNotFound(): AwsError {
  return awsError("NotFoundException", "Topic does not exist");
}

export function subscriptionNotFound(): AwsError {
  return awsError("NotFoundException", "Subscription does not exist");
}
