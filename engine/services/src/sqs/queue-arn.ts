import type { Owner } from "@rondo/store";

export const queueType = "sqs/queue";

export interface QueueRef {
  readonly owner: Owner;
  readonly name: string;
}

export function queueArn({ region, accountId }: Owner, name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

/** Whether an account may name the queue as a target of its own: there are no queue policies that would let others in. */
export function isOwnQueue(arn: string, { accountId, region }: Owner): boolean {
  const owner = parseQueueArn(arn)?.owner;
  return owner?.accountId === accountId && owner.region === region;
}

/** Undefined for what is no ARN of a standard queue. */
export function parseQueueArn(arn: string): QueueRef | undefined {
  const [, region, accountId, name] = /^arn:aws:sqs:([a-z0-9-]+):(\d{12}):([\w-]{1,80})$/.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || name === undefined) return undefined;
  return { owner: { region, accountId }, name };
}
