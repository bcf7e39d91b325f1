import { randomUUID } from "node:crypto";
import { hashOfText } from "../data/text-hash.ts";
import type { PredictionRecord } from "../inference-service/prediction-log.ts";
import { normaliseText } from "../normalise-text.ts";
import { nameBasedUuid } from "../storage/name-based-uuid.ts";
import { ServiceError } from "../web/service-error.ts";

/** The body of `POST /submit-feedback`. */
export interface FeedbackSubmission {
  readonly user_label: string;
  readonly text?: string;
  readonly model_prediction?: string;
  readonly inference_id?: string;
  readonly model_version?: string;
  readonly variant?: string;
  readonly confidence?: number;
  readonly user_id?: string;
}

/** A row of the feedback table (S-35, S-X3). */
export interface Feedback {
  /** Of a feedback on a prediction derived from its inference id, so that a second one replaces the first. */
  readonly feedback_id: string;
  readonly timestamp: string;
  readonly user_label: string;
  /** Only what was sent with the feedback; without it the row counts for live accuracy and is not trained on. */
  readonly text?: string;
  readonly text_hash?: string;
  readonly model_prediction?: string;
  readonly inference_id?: string;
  readonly model_version?: string;
  readonly variant?: string;
  readonly confidence?: number;
  /** Keyed hash of the user's id. */
  readonly user_id?: string;
  /** Whether prediction, model, variant and confidence are the recorded ones and not only what the client said. */
  readonly is_traced: boolean;
}

export function feedbackIdOf(inferenceId: string): string {
  return nameBasedUuid(inferenceId);
}

/**
 * The row of a submission. Throws ServiceError 400 for a label outside the set, a text that cannot be read, and a submission that says nothing of
 * what it is about.
 */
export function readSubmission(
  submission: FeedbackSubmission,
  { labels, now, hashUser }: { labels: readonly string[]; now: Date; hashUser: (userId: string) => string },
): Feedback {
  const { user_label, model_prediction, text, inference_id, user_id, ...attribution } = submission;
  for (const [member, label] of Object.entries({ user_label, model_prediction })) {
    if (label !== undefined && !labels.includes(label)) {
      throw new ServiceError(400, "UnknownLabel", `${member} is "${label}". It should be one of ${labels.join(", ")}.`);
    }
  }
  if (text === undefined && inference_id === undefined) {
    const message = "Say what the feedback is about: inference_id of the prediction, text, or both.";
    throw new ServiceError(400, "InvalidRequest", message);
  }
  const normalised = text === undefined ? undefined : normaliseText(text);
  if (normalised === "") {
    const message = "The text has no letters a–z, digits or punctuation: the model reads English only.";
    throw new ServiceError(400, "UnreadableText", message);
  }
  return {
    feedback_id: inference_id === undefined ? randomUUID() : feedbackIdOf(inference_id),
    timestamp: now.toISOString(),
    user_label,
    is_traced: false,
    ...attribution,
    ...(model_prediction !== undefined && { model_prediction }),
    ...(inference_id !== undefined && { inference_id }),
    ...(text !== undefined && { text }),
    ...(normalised !== undefined && { text_hash: hashOfText(normalised) }),
    ...(user_id !== undefined && { user_id: hashUser(user_id) }),
  };
}

/** The row with what was recorded of its prediction. Throws ServiceError 400 when they contradict each other. */
export function attribute(feedback: Feedback, prediction: PredictionRecord): Feedback {
  const recorded = {
    text_hash: prediction.text_hash,
    model_prediction: prediction.label,
    model_version: prediction.model_version,
    variant: prediction.variant,
    confidence: prediction.confidence,
  };
  for (const [member, value] of Object.entries(recorded)) {
    const said = feedback[member as keyof typeof recorded];
    if (said !== undefined && said !== value) {
      const what = member === "text_hash" ? "text is not the text" : `${member} is ${JSON.stringify(said)}, not that`;
      throw new ServiceError(400, "Contradiction", `The ${what} of the prediction ${prediction.inference_id}.`);
    }
  }
  return { ...feedback, ...recorded, is_traced: true };
}
