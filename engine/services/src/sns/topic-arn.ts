import type { Owner } from "@rondo/store";

/** Rows of the resource table. A subscription is named `<topic>/<id>`, so that those of a topic stand together. */
export const topicType = "sns/topic";
export const subscriptionType = "sns/subscription";
export const deliveryType = "sns/delivery";

export interface TopicRef {
  readonly owner: Owner;
  readonly name: string;
}

export interface SubscriptionRef {
  readonly owner: Owner;
  readonly topicName: string;
  readonly id: string;
}

const topicPattern = /^arn:aws:sns:([a-z0-9-]+):(\d{12}):([\w-]{1,256})$/;
const subscriptionPattern = /^arn:aws:sns:([a-z0-9-]+):(\d{12}):([\w-]{1,256}):([0-9a-f-]{36})$/;

export function topicArn({ region, accountId }: Owner, name: string): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

export function subscriptionArn({ owner, topicName, id }: SubscriptionRef): string {
  return `${topicArn(owner, topicName)}:${id}`;
}

/** The name of a subscription's row. */
export function subscriptionName({ topicName, id }: Pick<SubscriptionRef, "topicName" | "id">): string {
  return `${topicName}/${id}`;
}

/** Undefined for what is no ARN of a topic. */
export function parseTopicArn(arn: string): TopicRef | undefined {
  const [, region, accountId, name] = topicPattern.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || name === undefined) return undefined;
  return { owner: { region, accountId }, name };
}

/** Undefined for what is no ARN of a subscription. */
export function parseSubscriptionArn(arn: string): SubscriptionRef | undefined {
  const [, region, accountId, topicName, id] = subscriptionPattern.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || topicName === undefined || id === undefined) return undefined;
  return { owner: { region, accountId }, topicName, id };
}
