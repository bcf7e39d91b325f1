import type { FastifyInstance } from "fastify";
import { LONGEST_TEXT } from "../inference-service/inference-routes.ts";
import type { PredictionRecord } from "../inference-service/prediction-log.ts";
import type { StoredIn } from "../storage/fallback-store.ts";
import { answers, ServiceError } from "../web/service-error.ts";
import { ID_PARAMETERS, UUID_SCHEMA } from "../web/uuid-schema.ts";
import { type Feedback, type FeedbackSubmission, feedbackIdOf, readSubmission } from "./feedback.ts";
import type { ModelTrace } from "./trace-model.ts";

const NAME = { type: "string", minLength: 1, maxLength: 256 } as const;

const SUBMIT_BODY = {
  type: "object",
  required: ["user_label"],
  additionalProperties: false,
  properties: {
    user_label: { ...NAME, description: "What the text says in truth: one of the model's labels" },
    inference_id: { ...UUID_SCHEMA, description: "Of the prediction; a second feedback for it replaces the first" },
    text: {
      type: "string",
      minLength: 1,
      maxLength: LONGEST_TEXT,
      description: "The text itself: without it the feedback counts for live accuracy and is not learned from",
    },
    model_prediction: NAME,
    model_version: NAME,
    variant: NAME,
    confidence: { type: "number", minimum: 0, maximum: 1 },
    user_id: { ...NAME, description: "Stored as a keyed hash only" },
  },
} as const;

const SUBMITTED = {
  description: "Stored",
  type: "object",
  required: ["feedback_id", "stored_in", "is_traced", "is_trainable"],
  properties: {
    feedback_id: { type: "string" },
    stored_in: {
      type: "string",
      enum: ["store", "fallback"],
      description: "fallback: feedback.json, until DynamoDB is back",
    },
    is_traced: { type: "boolean", description: "Whether it is attributed to a recorded prediction" },
    is_trainable: { type: "boolean", description: "Whether a retraining can learn from it: it came with the text" },
  },
} as const;

const TRACE = {
  description: "A feedback or prediction with where it comes from; the text itself is not shown",
  type: "object",
  required: ["feedback", "prediction", "model"],
  properties: {
    feedback: { type: ["object", "null"], additionalProperties: true },
    prediction: { type: ["object", "null"], additionalProperties: true },
    model: { type: ["object", "null"], additionalProperties: true },
  },
} as const;

export interface FeedbackRoutesOptions {
  labels(): Promise<readonly string[]>;
  hashUser(userId: string): string;
  submit(feedback: Feedback): Promise<{ readonly feedback: Feedback; readonly storedIn: StoredIn }>;
  findFeedback(feedbackId: string): Promise<Feedback | undefined>;
  findPrediction(inferenceId: string): Promise<PredictionRecord | undefined>;
  traceModel(name: string): Promise<ModelTrace | undefined>;
  readonly clock: { now(): Date };
}

/** `POST /submit-feedback` and `GET /feedback/{id}` (S-2, S-35, S-X3). */
export function feedbackRoutes(options: FeedbackRoutesOptions): (service: FastifyInstance) => void {
  const { labels, hashUser, submit, clock } = options;
  return (service) => {
    service.post<{ Body: FeedbackSubmission }>(
      "/submit-feedback",
      {
        schema: {
          summary: "What a text says in truth",
          body: SUBMIT_BODY,
          response: answers({ 201: SUBMITTED, 202: { ...SUBMITTED, description: "Kept in feedback.json for now" } }),
        },
      },
      async (request, reply) => {
        const submission = readSubmission(request.body, { labels: await labels(), now: clock.now(), hashUser });
        const { feedback, storedIn } = await submit(submission);
        return reply.code(storedIn === "store" ? 201 : 202).send({
          feedback_id: feedback.feedback_id,
          stored_in: storedIn,
          is_traced: feedback.is_traced,
          is_trainable: feedback.text !== undefined,
        });
      },
    );

    service.get<{ Params: { id: string } }>(
      "/feedback/:id",
      {
        schema: {
          summary: "A feedback or a prediction, with the model, the training job and the data behind it",
          params: ID_PARAMETERS,
          response: answers({ 200: TRACE }),
        },
      },
      (request) => trace(request.params.id, options),
    );
  };
}

async function trace(id: string, { findFeedback, findPrediction, traceModel }: FeedbackRoutesOptions) {
  const found = (await findFeedback(id)) ?? (await findFeedback(feedbackIdOf(id)));
  const prediction = await findPrediction(found?.inference_id ?? id);
  if (found === undefined && prediction === undefined) {
    throw new ServiceError(404, "UnknownFeedback", `There is no feedback and no prediction ${id}.`);
  }
  const modelName = prediction?.model_version ?? found?.model_version;
  const model = modelName === undefined ? undefined : await traceModel(modelName);
  const { text, ...feedback } = found ?? {};
  return {
    feedback: found === undefined ? null : { ...feedback, is_trainable: text !== undefined },
    prediction: prediction ?? null,
    model: model ?? null,
  };
}
