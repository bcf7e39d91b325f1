import type { ApplicationContext } from "../application-context.ts";
import { ensureBucket } from "./bucket.ts";
import { ensureLogGroups } from "./log-groups.ts";
import { ensureModelPackageGroup } from "./model-package-group.ts";
import { ensureRole } from "./role.ts";
import { ensureTable } from "./table.ts";
import { ensureTopic } from "./topic.ts";

/** What is there after `createInfrastructure`. */
export interface Infrastructure {
  readonly roleArn: string;
  readonly topicArns: { readonly training: string; readonly deployment: string };
  readonly buckets: readonly string[];
  readonly tables: readonly string[];
}

/**
 * Makes what is missing of buckets, tables, topics, role, registry group and log groups, and leaves alone what is there: it can be interrupted and
 * called again. Everything at once, since none needs another. Throws what the first failure was, when everything else has been made.
 */
export async function createInfrastructure(context: ApplicationContext, signal?: AbortSignal): Promise<Infrastructure> {
  const { names, settings } = context;
  const buckets = [...new Set(Object.values(names.buckets))];
  const { feedback, evaluations, notifications, predictions, runs } = names.tables;
  const made = [
    ensureRole(context, settings.role, signal),
    settings.topicArn ?? ensureTopic(context, names.topics.training, signal),
    ensureTopic(context, names.topics.deployment, signal),
    ensureModelPackageGroup(context, names.modelPackageGroup, signal),
    ensureLogGroups(context, signal),
    ...buckets.map((bucket) => ensureBucket(context, bucket, signal)),
    ensureTable(context, { name: feedback, key: "feedback_id" }, signal),
    ensureTable(context, { name: notifications, key: "notification_id" }, signal),
    ensureTable(context, { name: evaluations, key: "evaluation_id", isListedByTime: true }, signal),
    ensureTable(context, { name: runs, key: "run_id", isListedByTime: true }, signal),
    ensureTable(context, { name: predictions, key: "inference_id", expiry: "expires_at" }, signal),
  ] as const;
  // Who may not make the role may make the tables, and goes on with them.
  await Promise.allSettled(made);
  const [roleArn, training, deployment] = await Promise.all(made);
  return { roleArn, topicArns: { training, deployment }, buckets, tables: Object.values(names.tables) };
}
