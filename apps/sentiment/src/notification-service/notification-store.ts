import { join } from "node:path";
import { PublishCommand } from "@aws-sdk/client-sns";
import type { ApplicationContext } from "../application-context.ts";
import { ensureTopic } from "../infrastructure/topic.ts";
import { createDocumentTable, type DocumentTable } from "../storage/document-table.ts";
import { openFallbackFile } from "../storage/fallback-file.ts";
import { createFallbackStore, type StoredIn } from "../storage/fallback-store.ts";

export type TopicName = "model-training-notifications" | "model-deployment-notifications";

/** A row of the notifications table. */
export interface Notification {
  readonly notification_id: string;
  readonly timestamp: string;
  readonly topic: TopicName;
  /** `retraining-succeeded` */
  readonly event_type: string;
  readonly subject: string;
  readonly message: string;
  /** Once it is published. */
  readonly sns_message_id?: string;
}

export interface NotificationStore {
  readonly table: DocumentTable<Notification>;
  /** Publishes the notification, unless one with its id has been published; while SNS is away it waits in notifications.json. */
  publish(notification: Notification, options: { readonly isNew: boolean }): Promise<StoredIn>;
  /** The ARN of a topic, which is made when it is missing. */
  topicArn(topic: TopicName): Promise<string>;
  /** Notifications that wait in notifications.json. */
  readonly pending: number;
  close(): Promise<void>;
}

/**
 * Notifications with their table and their fallbacks: `notifications.json` for what SNS has not got, `notification-rows.json` for what it has got
 * and the table has not.
 *
 * SNS has no idempotent publish: a kill between SNS's answer and the note of it publishes once more at the next start. Every message carries its
 * `notification_id` as attribute, by which a subscriber can tell.
 */
export async function openNotificationStore(context: ApplicationContext): Promise<NotificationStore> {
  const { clock, dynamodb, names, onFault, settings, sns } = context;
  const table = createDocumentTable<Notification>({
    dynamodb,
    name: names.tables.notifications,
    key: "notification_id",
  });
  const topicArn = createTopicArns(context);
  const rows = createFallbackStore<Notification>({
    file: await openFallbackFile(join(settings.fallbackDirectory, "notification-rows.json")),
    write: (row) => table.put(row),
    onFault,
    clock,
  });

  async function publish(notification: Notification): Promise<void> {
    const { notification_id, event_type, subject, message, topic } = notification;
    const { MessageId: sns_message_id = "" } = await sns.send(
      new PublishCommand({
        TopicArn: await topicArn(topic),
        Subject: subject,
        Message: message,
        MessageAttributes: {
          notification_id: { DataType: "String", StringValue: notification_id },
          event_type: { DataType: "String", StringValue: event_type },
        },
      }),
    );
    // It is published, whatever the table says of the note: told as a failure it would be asked for again.
    await rows.put({ ...notification, sns_message_id }).catch(onFault);
  }

  async function publishUnlessNoted(notification: Notification): Promise<void> {
    // What SNS has got already may still wait on its way to the table.
    if (rows.pending > 0) await rows.replay();
    const known = await table.get(notification.notification_id);
    if (known?.sns_message_id === undefined) await publish(notification);
  }

  /** By id: who asks for one that is on its way waits for that one. */
  const underWay = new Map<string, Promise<void>>();

  async function publishOnce(notification: Notification): Promise<void> {
    const { notification_id } = notification;
    const publishing =
      underWay.get(notification_id) ?? publishUnlessNoted(notification).finally(() => underWay.delete(notification_id));
    underWay.set(notification_id, publishing);
    await publishing;
  }

  const fallback = await openFallbackFile<Notification>(join(settings.fallbackDirectory, "notifications.json"));
  const store = createFallbackStore({ file: fallback, write: publishOnce, onFault, clock });

  return {
    table,
    topicArn,
    // A new id needs no look into the table, so the table may be away.
    publish: (notification, { isNew }) => store.put(notification, isNew ? publish : publishOnce),
    get pending() {
      return store.pending + rows.pending;
    },
    async close() {
      await store.close();
      await rows.close();
    },
  };
}

function createTopicArns(context: ApplicationContext): (topic: TopicName) => Promise<string> {
  const known = new Map<TopicName, string>();
  const { topicArn } = context.settings;
  if (topicArn !== undefined) known.set("model-training-notifications", topicArn);
  return async (topic) => {
    const arn = known.get(topic) ?? (await ensureTopic(context, topic));
    known.set(topic, arn);
    return arn;
  };
}
