import { Endpoint, Predictor, type Session } from "@rondo/sdk";
import {
  type Classification,
  type ClassificationRequest,
  classificationDeserializer,
  classificationSerializer,
} from "../blazing-text.ts";
import { createModelVersions } from "./model-versions.ts";

/** What the routes need of the model behind them. */
export interface Classifier {
  readonly endpointName: string;
  /** Classifies one normalised text. Throws `ClassifierError`. */
  classify(text: string, options: { readonly inferenceId: string; readonly signal?: AbortSignal }): Promise<Answer>;
  /** The version that would answer now. Throws `ClassifierError` when none would. */
  currentVersion(): Promise<string>;
}

export interface Answer extends Classification {
  /** Name of the model that answered. */
  readonly modelVersion: string;
  /** The production variant that answered. */
  readonly variant: string;
}

/** `unavailable`: nobody answers, trying again later makes sense. `refused`: the model answered with an error. */
export class ClassifierError extends Error {
  readonly kind: "unavailable" | "refused";

  constructor(kind: "unavailable" | "refused", message: string, cause: unknown) {
    super(message, { cause });
    this.name = "ClassifierError";
    this.kind = kind;
  }
}

/** The invocation's deadline: AWS gives a container 60 s. */
const TIMEOUT_MS = 60_000;

/** Classifies by InvokeEndpoint. */
export function createClassifier(session: Session, endpointName: string): Classifier {
  const endpoint = new Endpoint(endpointName, session);
  const predictor = new Predictor<ClassificationRequest, Classification[]>({
    endpoint,
    serializer: classificationSerializer,
    deserializer: classificationDeserializer,
  });
  const versions = createModelVersions(endpoint);

  return {
    endpointName,

    async classify(text, { inferenceId, signal }) {
      const deadline = AbortSignal.timeout(TIMEOUT_MS);
      try {
        const { output, variant = "" } = await predictor.invoke(
          { instances: [text] },
          { inferenceId, signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]) },
        );
        const [classification] = output;
        if (classification === undefined) throw new Error("The endpoint answered with no classification.");
        return { ...classification, variant, modelVersion: await versions.versionOf(variant) };
      } catch (error) {
        throw explain(error, endpointName);
      }
    },

    async currentVersion() {
      try {
        return await versions.versionOf(undefined);
      } catch (error) {
        throw explain(error, endpointName);
      }
    },
  };
}

function explain(error: unknown, endpointName: string): ClassifierError {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  if (name === "ModelError") return new ClassifierError("refused", `The model refused the request: ${message}`, error);
  // A refused connection has a code and, when several addresses were tried, no message.
  const reason = message || code || name || String(error);
  return new ClassifierError("unavailable", `The endpoint ${endpointName} does not answer: ${reason}`, error);
}
