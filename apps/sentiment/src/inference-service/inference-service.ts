import { randomUUID } from "node:crypto";
import { type FastifyError, type FastifyInstance, fastify } from "fastify";
import { normaliseText } from "../normalise-text.ts";
import { type Classifier, ClassifierError } from "./classifier.ts";

/** Longest text in characters: some pages. The model reads bags of words, so more would only cost time. */
const LONGEST_TEXT = 10_000;
/** A body with such a text fits even when each character is written as two JSON escapes of six bytes. */
const MOST_BODY_BYTES = 128 * 1024;

const PREDICT_BODY = {
  type: "object",
  required: ["text"],
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

export interface InferenceServiceOptions {
  readonly classifier: Classifier;
  /** Host names under which the service may be called; others are refused, so that no web page reaches it by a name of its own. Default: any. */
  readonly allowedHosts?: readonly string[];
}

/** Answers in one form for every error: `{ "error": { "code", "message" } }`. Texts of requests are in none of them, and in no log. */
function errorBody(code: string, message: string) {
  return { error: { code, message } };
}

/**
 * The inference service: `GET /health` and `POST /predict-sentiment { "text" }`. 400 for a request that cannot be answered, 502 when the model
 * refuses it, 503 with the reason when the endpoint is away.
 */
export function createInferenceService({ classifier, allowedHosts }: InferenceServiceOptions): FastifyInstance {
  const service = fastify({
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: 30_000,
    forceCloseConnections: "idle",
    // A number is no text: refused, not turned into one.
    ajv: { customOptions: { coerceTypes: false } },
  });

  service.addHook("onRequest", async (request, reply) => {
    if (allowedHosts !== undefined && !allowedHosts.includes(request.hostname)) {
      await reply
        .code(403)
        .send(errorBody("ForbiddenHost", `This service does not answer to the name ${request.hostname}.`));
    }
  });

  service.get("/health", async () => ({
    status: "ok",
    endpoint_name: classifier.endpointName,
    model_version: await classifier.currentVersion(),
  }));

  service.post<{ Body: { text: string } }>(
    "/predict-sentiment",
    { schema: { body: PREDICT_BODY } },
    async (request, reply): Promise<SentimentResponse> => {
      const text = normaliseText(request.body.text);
      if (text === "") {
        return reply
          .code(400)
          .send(
            errorBody(
              "UnreadableText",
              "The text has no letters a–z, digits or punctuation: the model reads English only.",
            ),
          );
      }
      const inferenceId = randomUUID();
      const answer = await classifier.classify(text, { inferenceId });
      return {
        label: answer.label,
        confidence: answer.confidence,
        model_version: answer.modelVersion,
        inference_id: inferenceId,
        variant: answer.variant,
      };
    },
  );

  service.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.split("?")[0]}. There are GET /health and POST /predict-sentiment.`;
    return reply.code(404).send(errorBody("NotFound", message));
  });

  service.setErrorHandler((error: FastifyError | ClassifierError, _request, reply) => {
    if (error instanceof ClassifierError) {
      const isAway = error.kind === "unavailable";
      return reply
        .code(isAway ? 503 : 502)
        .send(errorBody(isAway ? "EndpointUnavailable" : "ModelError", error.message));
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) return reply.code(500).send(errorBody("InternalFailure", "The service failed; try again."));
    return reply.code(status).send(errorBody("InvalidRequest", error.message.replace(/^body\/(\w+)/, "$1")));
  });

  return service;
}
