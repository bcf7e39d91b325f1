import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { StoredIn } from "../storage/fallback-store.ts";
import { answers } from "../web/service-error.ts";
import { UUID_SCHEMA } from "../web/uuid-schema.ts";
import type { Notification, NotificationStore, TopicName } from "./notification-store.ts";

/** The body of `POST /notify`. */
export interface NotificationRequest {
  readonly subject: string;
  readonly message: string;
  readonly event_type?: string;
  readonly topic?: TopicName;
  readonly notification_id?: string;
}

const TOPICS: readonly TopicName[] = ["model-training-notifications", "model-deployment-notifications"];

const NOTIFY_BODY = {
  type: "object",
  required: ["subject", "message"],
  additionalProperties: false,
  properties: {
    // SNS takes printable ASCII, at most 100 characters, since it becomes the subject of an e-mail.
    subject: { type: "string", pattern: "^[\\x21-\\x7e][\\x20-\\x7e]{0,99}$" },
    // SNS takes 256 KiB; a message for people is shorter.
    message: { type: "string", minLength: 1, maxLength: 10_000 },
    event_type: { type: "string", pattern: "^[a-z][a-z0-9-]{0,63}$", description: "A subscription can filter on it" },
    topic: { type: "string", enum: TOPICS, description: "Default: model-training-notifications" },
    notification_id: { ...UUID_SCHEMA, description: "Sent twice with one id, it is published once" },
  },
} as const;

const NOTIFIED = {
  description: "Published",
  type: "object",
  required: ["notification_id", "stored_in"],
  properties: {
    notification_id: { type: "string" },
    stored_in: {
      type: "string",
      enum: ["store", "fallback"] satisfies StoredIn[],
      description: "fallback: notifications.json, until SNS is back",
    },
  },
} as const;

export interface NotificationRoutesOptions {
  readonly store: Pick<NotificationStore, "publish">;
  readonly clock: { now(): Date };
}

/** `POST /notify` (S-6, S-42). */
export function notificationRoutes({ store, clock }: NotificationRoutesOptions): (service: FastifyInstance) => void {
  return (service) => {
    service.post<{ Body: NotificationRequest }>(
      "/notify",
      {
        schema: {
          summary: "Publish a notification to SNS",
          body: NOTIFY_BODY,
          response: answers({ 201: NOTIFIED, 202: { ...NOTIFIED, description: "Kept in notifications.json for now" } }),
        },
      },
      async (request, reply) => {
        const { notification_id = randomUUID(), event_type = "message", ...rest } = request.body;
        const notification: Notification = {
          topic: "model-training-notifications",
          ...rest,
          notification_id,
          event_type,
          timestamp: clock.now().toISOString(),
        };
        const stored_in = await store.publish(notification, { isNew: request.body.notification_id === undefined });
        return reply.code(stored_in === "store" ? 201 : 202).send({ notification_id, stored_in });
      },
    );
  };
}
