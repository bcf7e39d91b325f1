import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { notificationRoutes } from "./notification-routes.ts";
import { openNotificationStore } from "./notification-store.ts";

/** Publishes what happens to models to SNS (S-6, S-42). */
export const notificationService: ServiceDefinition = {
  name: "notification-service",
  summary: "Publishes notifications of training and deployment to SNS.",
  port: 8005,
  async open(context): Promise<OpenService> {
    const { clock, names, sns } = context;
    const store = await openNotificationStore(context);
    return {
      dependencies: [
        {
          name: `sns topic ${names.topics.training}`,
          isRequired: false,
          async check(abortSignal) {
            const TopicArn = await store.topicArn("model-training-notifications");
            const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }), { abortSignal });
            return `${Attributes?.SubscriptionsConfirmed ?? 0} subscriptions`;
          },
        },
        { name: `dynamodb table ${store.table.name}`, isRequired: false, check: (signal) => store.table.check(signal) },
      ],
      facts: {
        schema: { pending: { type: "integer", description: "Notifications that wait in notifications.json" } },
        read: () => ({ pending: store.pending }),
      },
      routes: notificationRoutes({ store, clock }),
      close: () => store.close(),
    };
  },
};
