import type { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { Endpoint, type EndpointWaitOptions } from "./endpoint.ts";
import { Predictor, type PredictorCodec } from "./predictor.ts";
import type { Session } from "./session.ts";

export interface DeployOptions<Input = unknown, Output = unknown>
  extends EndpointWaitOptions,
    Partial<PredictorCodec<Input, Output>> {
  /** Default: the model's name. */
  readonly endpointName?: string;
  /** Default `AllTraffic`. */
  readonly variantName?: string;
  /** Default `ml.m5.large`. */
  readonly instanceType?: ProductionVariantInstanceType;
  /** Default 1. */
  readonly initialInstanceCount?: number;
  /** Wait until the endpoint is in service. Default true. */
  readonly wait?: boolean;
  /**
   * Take a model, endpoint configuration or endpoint that has the name already as it is, instead of failing: for programs that go on after
   * an interruption and derive names from content, so that the same name means the same thing.
   */
  readonly reuseExisting?: boolean;
}

/** Creates an endpoint that serves a model that exists; its configuration has the model's name. */
export async function deployModel<Input, Output>(
  modelName: string,
  session: Session,
  options: DeployOptions<Input, Output>,
): Promise<Predictor<Input, Output>> {
  const endpoint = new Endpoint(options.endpointName ?? modelName, session);
  await endpoint.create({
    configName: modelName,
    variants: [
      {
        modelName,
        ...(options.variantName !== undefined && { variantName: options.variantName }),
        ...(options.instanceType !== undefined && { instanceType: options.instanceType }),
        ...(options.initialInstanceCount !== undefined && { initialInstanceCount: options.initialInstanceCount }),
      },
    ],
    ...(options.reuseExisting !== undefined && { reuseExisting: options.reuseExisting }),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  if (options.wait !== false) await endpoint.wait(options);
  return new Predictor({ ...options, endpoint });
}
