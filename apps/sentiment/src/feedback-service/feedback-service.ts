import { join } from "node:path";
import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { feedbackRoutes } from "./feedback-routes.ts";
import { openFeedbackStore } from "./feedback-store.ts";
import { createLabelSet } from "./label-set.ts";
import { traceModel } from "./trace-model.ts";
import { hashUserId, readUserIdKey } from "./user-id-key.ts";

/** Takes what users say of predictions and keeps it so that it can be traced and learned from (S-2, S-35, S-X3). */
export const feedbackService: ServiceDefinition = {
  name: "feedback-service",
  summary: "Takes corrections of predictions and tells where each of them comes from.",
  port: 8001,
  async open(context): Promise<OpenService> {
    const { clock, settings } = context;
    const key = await readUserIdKey(settings.userIdKey, join(settings.fallbackDirectory, "user-id-key"));
    const store = await openFeedbackStore(context);
    return {
      dependencies: [store.table, store.predictions].map((table) => ({
        name: `dynamodb table ${table.name}`,
        isRequired: false,
        check: (signal) => table.check(signal),
      })),
      facts: {
        schema: { pending: { type: "integer", description: "Submissions that wait in feedback.json" } },
        read: () => ({ pending: store.pending }),
      },
      routes: feedbackRoutes({
        labels: createLabelSet(context),
        hashUser: (userId) => hashUserId(userId, key),
        submit: (feedback) => store.submit(feedback),
        findFeedback: (id) => store.table.get(id),
        findPrediction: (id) => store.predictions.get(id),
        traceModel: (name) => traceModel(context, name),
        clock,
      }),
      close: () => store.close(),
    };
  },
};
