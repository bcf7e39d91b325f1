import type { Resource, Resources, Sql } from "@rondo/store";
import { type AwsError, awsError, type Caller } from "@rondo/wire";
import { queueType } from "./queue-arn.ts";
import type { QueueBody } from "./queue-body.ts";

export interface QueueDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** The queue of a URL, whatever its host: what counts are its last two parts, account and name. Throws QueueDoesNotExist. */
export async function requireQueue(
  resources: Pick<Resources, "find">,
  caller: Caller,
  url: string | undefined,
): Promise<Resource<QueueBody>> {
  const [, accountId, name = ""] = /\/(\d{12})\/([\w-]{1,80})\/?$/.exec(url ?? "") ?? [];
  const queue = accountId === caller.accountId ? await resources.find<QueueBody>(caller, queueType, name) : undefined;
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

export function queueDoesNotExist(): AwsError {
  return awsError("QueueDoesNotExist", "The specified queue does not exist.");
}
