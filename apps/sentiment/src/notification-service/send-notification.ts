import type { NotificationRequest } from "./notification-routes.ts";

/** A notification that must not be lost: with an id of its own, so that asking twice publishes once. */
export type DurableNotification = NotificationRequest & { readonly notification_id: string };

const DEADLINE_MS = 10_000;

/** Asks the notification service. Throws when it does not answer or refuses; the caller tries again later with the same id. */
export async function sendNotification(serviceUrl: string, notification: DurableNotification): Promise<void> {
  const response = await fetch(`${serviceUrl}/notify`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(notification),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!response.ok) {
    const message = `The notification service ${serviceUrl} answered ${response.status}: ${await response.text()}`;
    throw Object.assign(new Error(message), { $metadata: { httpStatusCode: response.status } });
  }
}
