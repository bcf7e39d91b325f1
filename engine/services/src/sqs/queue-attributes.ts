import type { Owner } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { isOwnQueue, parseQueueArn } from "./queue-arn.ts";
import { defaultQueueAttributes, type QueueAttributes } from "./queue-body.ts";

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

export interface RedriveRule {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Attributes of an owner's new queue, or of `known` changed. Empty policies are taken away. Throws InvalidAttributeName, InvalidAttributeValue. */
export function readQueueAttributes(
  given: Readonly<Record<string, string>>,
  owner: Owner,
  known: QueueAttributes = defaultQueueAttributes,
): QueueAttributes {
  for (const [name, value] of Object.entries(given)) checkAttribute(name, value);
  if (given.RedrivePolicy) checkRedriveTarget(readRedriveRule(given.RedrivePolicy), owner);
  const { FifoQueue: _, ...kept } = given;
  const attributes = Object.entries({ ...known, ...kept }).filter(([, value]) => value !== "");
  return Object.fromEntries(attributes) as unknown as QueueAttributes;
}

function checkAttribute(name: string, value: string): void {
  const range = ranges[name];
  if (range !== undefined) {
    const [least, most] = range;
    if (!/^\d{1,8}$/.test(value) || Number(value) < least || Number(value) > most)
      throw invalid(name, `it is from ${least} to ${most}`);
  } else if (name === "RedrivePolicy") {
    if (value !== "") readRedriveRule(value);
  } else if (name === "FifoQueue") {
    if (value !== "false") throw invalid(name, "Rondo has standard queues only");
  } else if (name !== "Policy") {
    throw awsError("InvalidAttributeName", `Unknown Attribute ${name}: Rondo's queues do not have it.`);
  }
}

function checkRedriveTarget({ deadLetterTargetArn }: RedriveRule, owner: Owner): void {
  if (!isOwnQueue(deadLetterTargetArn, owner))
    throw invalid("RedrivePolicy", "Dead-letter target owner should be same as the source");
}

/** A RedrivePolicy: `{"deadLetterTargetArn": "…", "maxReceiveCount": 3}`. Throws InvalidAttributeValue. */
export function readRedriveRule(text: string): RedriveRule {
  try {
    const rule = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const maxReceiveCount = Number(rule.maxReceiveCount);
    const { deadLetterTargetArn } = rule;
    const isCount = Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= 1000;
    if (isCount && typeof deadLetterTargetArn === "string" && parseQueueArn(deadLetterTargetArn) !== undefined)
      return { deadLetterTargetArn, maxReceiveCount };
  } catch {
    // Refused below.
  }
  throw invalid("RedrivePolicy", "it has deadLetterTargetArn, the ARN of a queue, and maxReceiveCount, from 1 to 1000");
}

function invalid(name: string, reason: string) {
  return awsError("InvalidAttributeValue", `Invalid value for the parameter ${name}. Reason: ${reason}.`);
}

/** The attributes of a request, whose values the SDK types as possibly missing. */
export function definedAttributes(attributes: Readonly<Partial<Record<string, string>>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value ?? ""]));
}
