import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { hashOfText } from "../data/text-hash.ts";
import { normaliseText } from "../normalise-text.ts";
import { answers, ServiceError } from "../web/service-error.ts";
import type { Classifier } from "./classifier.ts";
import type { PredictionLog } from "./prediction-log.ts";

/** Longest text in characters: some pages. The model reads bags of words, so more would only cost time. */
export const LONGEST_TEXT = 10_000;

const PREDICT_BODY = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1, maxLength: LONGEST_TEXT } },
} as const;

/** The answer of `POST /predict-sentiment`. */
export interface SentimentResponse {
  readonly label: string;
  /** The model's probability of the label, 0 to 1. */
  readonly confidence: number;
  readonly model_version: string;
  /** Name this when you send feedback on the prediction. */
  readonly inference_id: string;
  readonly variant: string;
}

const SENTIMENT_RESPONSE = {
  description: "The prediction",
  type: "object",
  required: ["label", "confidence", "model_version", "inference_id", "variant"],
  properties: {
    label: { type: "string" },
    confidence: { type: "number", description: "The model's probability of the label, 0 to 1" },
    model_version: { type: "string", description: "Name of the model that answered" },
    inference_id: { type: "string", description: "Name this when you send feedback on the prediction" },
    variant: { type: "string", description: "The production variant that answered" },
  },
} as const;

export interface InferenceRoutesOptions {
  readonly classifier: Classifier;
  readonly record: PredictionLog["record"];
}

/** `POST /predict-sentiment { "text" }`: 400 for a text that cannot be read, 502 when the model refuses it, 503 when the endpoint is away. */
export function inferenceRoutes({ classifier, record }: InferenceRoutesOptions): (service: FastifyInstance) => void {
  return (service) => {
    service.post<{ Body: { text: string } }>(
      "/predict-sentiment",
      {
        schema: {
          summary: "Whether the text is positive or negative",
          body: PREDICT_BODY,
          response: answers({ 200: SENTIMENT_RESPONSE }),
        },
      },
      async (request): Promise<SentimentResponse> => {
        const text = normaliseText(request.body.text);
        if (text === "") {
          const message = "The text has no letters a–z, digits or punctuation: the model reads English only.";
          throw new ServiceError(400, "UnreadableText", message);
        }
        const inference_id = randomUUID();
        const { label, confidence, modelVersion, variant } = await classifier.classify(text, {
          inferenceId: inference_id,
        });
        const prediction = { label, confidence, model_version: modelVersion, inference_id, variant };
        record({ ...prediction, text_hash: hashOfText(text), words: text.split(" ").length });
        return prediction;
      },
    );
  };
}
