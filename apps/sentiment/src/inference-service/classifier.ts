import { Endpoint, isNotFound, Predictor, type Session } from "@rondo/sdk";
import {
  type Classification,
  type ClassificationRequest,
  classificationDeserializer,
  classificationSerializer,
} from "../blazing-text.ts";
import { describeFailure } from "../storage/out-of-reach.ts";
import { ServiceError } from "../web/service-error.ts";
import { createModelVersions } from "./model-versions.ts";

/** What the routes need of the model behind them. */
export interface Classifier {
  readonly endpointName: string;
  /** Classifies one normalised text. Throws `ServiceError`. */
  classify(text: string, options: { readonly inferenceId: string; readonly signal?: AbortSignal }): Promise<Answer>;
  /** The version that would answer now. Throws `ServiceError` when none would. */
  currentVersion(): Promise<string>;
}

export interface Answer extends Classification {
  /** Name of the model that answered. */
  readonly modelVersion: string;
  /** The production variant that answered. */
  readonly variant: string;
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

/** 502 when the model answered with an error; 503 when nobody answers and trying again later makes sense. */
function explain(error: unknown, endpointName: string): ServiceError {
  const reason = describeFailure(error);
  const options = { cause: error };
  if (error instanceof Error && error.name === "ModelError") {
    return new ServiceError(502, "ModelError", `The model refused the request: ${reason}`, options);
  }
  const message = isNotFound(error)
    ? `There is no endpoint ${endpointName} yet: POST /bootstrap of the model-init-service (port 8006) makes it.`
    : `The endpoint ${endpointName} does not answer: ${reason}`;
  return new ServiceError(503, "EndpointUnavailable", message, options);
}
