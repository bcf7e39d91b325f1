import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import type { Endpoint } from "./endpoint.ts";
import { type Deserializer, jsonDeserializer, jsonSerializer, type Serializer } from "./serializers.ts";

/** How a predictor's requests are written and its answers read; both give `predict` its types. */
export interface PredictorCodec<Input, Output> {
  /** What `predict` sends and how. Default: anything, as JSON. */
  readonly serializer: Serializer<Input>;
  /** What `predict` returns and how it is read. Default: JSON, of which nothing is known (`unknown`). */
  readonly deserializer: Deserializer<Output>;
}

export interface PredictorOptions<Input = unknown, Output = unknown> extends Partial<PredictorCodec<Input, Output>> {
  readonly endpoint: Endpoint;
}

export interface PredictOptions {
  readonly signal?: AbortSignal;
  /** Ask this variant, whatever the weights say. */
  readonly targetVariant?: string;
  /** Your id of the prediction: captured data carries it, so that a label which comes later finds its prediction. */
  readonly inferenceId?: string;
  /** Passed to the container as it is, at most 1,024 characters. */
  readonly customAttributes?: string;
}

export interface Prediction<Output> {
  readonly output: Output;
  /** The variant that answered. */
  readonly variant: string | undefined;
  readonly customAttributes: string | undefined;
}

/**
 * Sends data to an endpoint and reads the answer, typed by a serializer and a deserializer.
 *
 * @example
 * ```ts
 * import { csvDeserializer, csvSerializer, Endpoint, Predictor, Session } from "@rondo/sdk";
 * const predictor = new Predictor({
 *   endpoint: new Endpoint("churn", new Session()),
 *   serializer: csvSerializer(),
 *   deserializer: csvDeserializer(),
 * });
 * const rows: string[][] = await predictor.predict([[0.5, 12, "DE"]]);
 * ```
 */
export class Predictor<Input = unknown, Output = unknown> {
  readonly endpoint: Endpoint;
  readonly #serializer: Serializer<Input>;
  readonly #deserializer: Deserializer<Output>;

  constructor(options: PredictorOptions<Input, Output>) {
    this.endpoint = options.endpoint;
    this.#serializer = options.serializer ?? jsonSerializer<Input>();
    // Without a deserializer Output is inferred as `unknown`, which is what this one gives.
    this.#deserializer = options.deserializer ?? (jsonDeserializer() as Deserializer<Output>);
  }

  /** One request, and the answer's content. Errors are AWS's: `ModelError` when the container refused, `ValidationError` … */
  async predict(input: Input, options: PredictOptions = {}): Promise<Output> {
    const { output } = await this.invoke(input, options);
    return output;
  }

  /** One request, and the answer with what SageMaker says about it. */
  async invoke(input: Input, options: PredictOptions = {}): Promise<Prediction<Output>> {
    const command = new InvokeEndpointCommand({
      EndpointName: this.endpoint.name,
      Body: this.#serializer.serialize(input),
      ContentType: this.#serializer.contentType,
      Accept: this.#deserializer.accept,
      ...(options.targetVariant !== undefined && { TargetVariant: options.targetVariant }),
      ...(options.inferenceId !== undefined && { InferenceId: options.inferenceId }),
      ...(options.customAttributes !== undefined && { CustomAttributes: options.customAttributes }),
    });
    const answer = await this.endpoint.session.runtime.send(command, { abortSignal: options.signal });
    return {
      output: this.#deserializer.deserialize(Buffer.from(answer.Body ?? new Uint8Array()).toString("utf8")),
      variant: answer.InvokedProductionVariant,
      customAttributes: answer.CustomAttributes,
    };
  }

  /** Deletes the endpoint and its configuration. */
  delete(): Promise<void> {
    return this.endpoint.delete();
  }
}
