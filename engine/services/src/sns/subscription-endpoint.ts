import type { Owner } from "@rondo/store";
import { isOwnQueue, parseQueueArn } from "../sqs/queue-arn.ts";
import { invalidParameter } from "./sns-error.ts";
import { protocols, type SubscriptionProtocol } from "./subscription-body.ts";

const maxEndpoint = 2048;
const ofAwsOnly = ["sms", "application", "lambda", "firehose"];

/** Throws InvalidParameter for a protocol that is none, and for those of AWS that Rondo does not deliver by. */
export function readProtocol(protocol: string): SubscriptionProtocol {
  const known = protocols.find((each) => each === protocol);
  if (known !== undefined) return known;
  if (ofAwsOnly.includes(protocol))
    throw invalidParameter(
      `Protocol Reason: Rondo does not deliver by ${protocol}; it does by ${protocols.join(", ")}`,
    );
  throw invalidParameter(`Does not support this protocol string: ${protocol}`);
}

/** The endpoint as it is kept. Throws InvalidParameter for one that does not fit the protocol, and for a queue of others. */
export function checkEndpoint(protocol: SubscriptionProtocol, endpoint: string, owner: Owner): string {
  if (endpoint === "" || endpoint.length > maxEndpoint) throw invalidParameter("Endpoint");
  if (protocol === "http" || protocol === "https") {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    if (url?.protocol !== `${protocol}:`) throw invalidParameter("Endpoint must match the specified protocol");
  } else if (protocol === "sqs") {
    if (parseQueueArn(endpoint) === undefined) throw invalidParameter("SQS endpoint ARN");
    if (!isOwnQueue(endpoint, owner))
      throw invalidParameter("SQS endpoint ARN Reason: the queue must be of the topic's account and region");
  } else if (!/^[^\s@<>"',;:\\()[\]\p{Cc}]{1,64}@[^\s@<>"',;:\\()[\]\p{Cc}]{1,255}$/u.test(endpoint)) {
    throw invalidParameter("Email address");
  }
  return endpoint;
}
