import { invalidParameter } from "./sns-error.ts";

/** How failed deliveries are tried again: phases of immediate, short, growing and long delays, in seconds. */
export interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly backoffFunction: "linear" | "arithmetic" | "geometric" | "exponential";
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html: what SNS does for each protocol. */
export const defaultHttpPolicy: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  backoffFunction: "linear",
};
export const mailPolicy: RetryPolicy = {
  minDelayTarget: 10,
  maxDelayTarget: 600,
  numRetries: 50,
  numNoDelayRetries: 0,
  numMinDelayRetries: 2,
  numMaxDelayRetries: 38,
  backoffFunction: "exponential",
};
export const queuePolicy: RetryPolicy = {
  minDelayTarget: 1,
  maxDelayTarget: 20,
  numRetries: 100_015,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  numMaxDelayRetries: 100_000,
  backoffFunction: "exponential",
};

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  minDelayTarget: [1, 3600],
  maxDelayTarget: [1, 3600],
  numRetries: [0, 100],
  numNoDelayRetries: [0, 100],
  numMinDelayRetries: [0, 100],
  numMaxDelayRetries: [0, 100],
};
const longestTotalSeconds = 3600;

/** AWS draws these curves and gives no formulas. `part` goes from 0 to 1. */
const curves: Readonly<Record<RetryPolicy["backoffFunction"], (from: number, to: number, part: number) => number>> = {
  linear: (from, to, part) => from + (to - from) * part,
  arithmetic: (from, to, part) => from + (to - from) * ((part * (part + 1)) / 2),
  geometric: (from, to, part) => from * (to / from) ** part,
  exponential: (from, to, part) => from * (to / from) ** (part ** 2),
};

/** Seconds before the n-th retry (1 …); undefined when there are no more. */
export function retryDelay(policy: RetryPolicy, retry: number): number | undefined {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  if (retry > numRetries) return undefined;
  if (retry <= numNoDelayRetries) return 0;
  const afterShort = retry - numNoDelayRetries - numMinDelayRetries;
  if (afterShort <= 0) return policy.minDelayTarget;
  const growing = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  if (afterShort > growing) return policy.maxDelayTarget;
  const part = growing === 1 ? 0 : (afterShort - 1) / (growing - 1);
  return curves[policy.backoffFunction](policy.minDelayTarget, policy.maxDelayTarget, part);
}

/** A subscription's DeliveryPolicy: `{"healthyRetryPolicy": {…}}`. Throws InvalidParameter. */
export function parseDeliveryPolicy(text: string): RetryPolicy | undefined {
  const { healthyRetryPolicy, throttlePolicy, ...others } = parseObject(text);
  if (throttlePolicy !== undefined && throttlePolicy !== null) throw refuse("Rondo knows no throttlePolicy");
  const [unknown] = Object.keys(others).filter(
    (key) => others[key] !== null && key !== "sicklyRetryPolicy" && key !== "guaranteed",
  );
  if (unknown !== undefined) throw refuse(`Rondo knows no ${unknown}`);
  return healthyRetryPolicy === undefined || healthyRetryPolicy === null
    ? undefined
    : readRetryPolicy(healthyRetryPolicy);
}

/** A topic's DeliveryPolicy: `{"http": {"defaultHealthyRetryPolicy": {…}, "disableSubscriptionOverrides": false}}`. Throws InvalidParameter. */
export function parseTopicDeliveryPolicy(text: string): {
  readonly retries: RetryPolicy | undefined;
  readonly disablesOverrides: boolean;
} {
  const { http = {}, ...others } = parseObject(text);
  if (Object.keys(others).length > 0 || typeof http !== "object" || http === null)
    throw refuse("it has one key, http, with an object");
  const policy = http as Readonly<Record<string, unknown>>;
  if (policy.defaultThrottlePolicy !== undefined && policy.defaultThrottlePolicy !== null)
    throw refuse("Rondo knows no defaultThrottlePolicy");
  const retries = policy.defaultHealthyRetryPolicy;
  return {
    retries: retries === undefined || retries === null ? undefined : readRetryPolicy(retries),
    disablesOverrides: policy.disableSubscriptionOverrides === true,
  };
}

/** EffectiveDeliveryPolicy of a topic. */
export function effectiveTopicPolicy(text: string | undefined): object {
  const given = text === undefined ? undefined : parseTopicDeliveryPolicy(text);
  return {
    http: {
      defaultHealthyRetryPolicy: given?.retries ?? defaultHttpPolicy,
      disableSubscriptionOverrides: given?.disablesOverrides ?? false,
    },
  };
}

/** What counts for an http or https subscription: its own policy, unless the topic forbids that; the topic's; the default. */
export function effectiveHttpPolicy(topicPolicy: string | undefined, own: string | undefined): RetryPolicy {
  const topic = topicPolicy === undefined ? undefined : parseTopicDeliveryPolicy(topicPolicy);
  const subscription = own === undefined || topic?.disablesOverrides ? undefined : parseDeliveryPolicy(own);
  return subscription ?? topic?.retries ?? defaultHttpPolicy;
}

function readRetryPolicy(value: unknown): RetryPolicy {
  if (typeof value !== "object" || value === null) throw refuse("healthyRetryPolicy must be an object");
  const policy = { ...defaultHttpPolicy, ...(value as Partial<RetryPolicy>) };
  for (const [key, given] of Object.entries(policy)) {
    if (key === "backoffFunction") {
      if (!Object.hasOwn(curves, String(given))) throw refuse(`healthyRetryPolicy.backoffFunction ${String(given)}`);
      continue;
    }
    const [least, most] = ranges[key] ?? refuseKey(key);
    if (!Number.isInteger(given) || Number(given) < least || Number(given) > most)
      throw refuse(`healthyRetryPolicy.${key} must be an integer from ${least} to ${most}`);
  }
  if (policy.minDelayTarget > policy.maxDelayTarget)
    throw refuse("healthyRetryPolicy.maxDelayTarget must not be less than healthyRetryPolicy.minDelayTarget");
  const phases = policy.numNoDelayRetries + policy.numMinDelayRetries + policy.numMaxDelayRetries;
  if (phases > policy.numRetries)
    throw refuse("healthyRetryPolicy.numRetries must not be less than the sum of the retries of its phases");
  const delays = Array.from({ length: policy.numRetries }, (_, index) => retryDelay(policy, index + 1) ?? 0);
  if (delays.reduce((sum, delay) => sum + delay, 0) > longestTotalSeconds)
    throw refuse("the retries must not take longer than an hour");
  return policy;
}

function refuseKey(key: string): never {
  throw refuse(`healthyRetryPolicy.${key} is not known`);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below.
  }
  throw refuse("it is not a JSON object");
}

function refuse(reason: string) {
  return invalidParameter(`DeliveryPolicy: ${reason}`);
}
