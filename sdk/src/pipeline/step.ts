import { type Properties, propertiesOf } from "./properties.ts";

/** The step types of a pipeline's definition that the SDK writes. */
export type StepType =
  | "Processing"
  | "Training"
  | "Condition"
  | "Model"
  | "RegisterModel"
  | "EndpointConfig"
  | "Endpoint"
  | "Fail";

export interface StepOptions {
  /** Unique in the pipeline. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Steps that must have succeeded before, besides those whose properties the arguments use. */
  readonly dependsOn?: readonly (string | Step)[];
}

/** When and how often a failed step is tried again. https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html */
export interface RetryPolicy {
  readonly exceptionTypes: readonly (
    | "Step.SERVICE_FAULT"
    | "Step.THROTTLING"
    | "SageMaker.JOB_INTERNAL_ERROR"
    | "SageMaker.CAPACITY_ERROR"
    | "SageMaker.RESOURCE_LIMIT"
  )[];
  /** Default 1. */
  readonly intervalSeconds?: number;
  /** Default 2: each pause is twice the one before. */
  readonly backoffRate?: number;
  /** At most 20. This or `expireAfterMinutes` is needed. */
  readonly maxAttempts?: number;
  readonly expireAfterMinutes?: number;
}

/** Of steps whose outcome can be taken from an earlier execution, and that can be tried again. */
export interface RepeatableStepOptions extends StepOptions {
  /** Take the outcome of an earlier run with the same arguments that is no older than `expireAfter` (ISO 8601: `P30D`, `PT1H`). */
  readonly cache?: { readonly expireAfter: string };
  readonly retryPolicies?: readonly RetryPolicy[];
}

/** One step of a pipeline. https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html */
export class Step<Description = unknown> {
  readonly name: string;
  /** What the step's resource will say of itself, for the arguments of other steps. */
  readonly properties: Properties<Description>;
  readonly #definition: object;

  constructor(type: StepType, options: RepeatableStepOptions, content: object) {
    const { name, displayName, description, dependsOn, cache, retryPolicies } = options;
    this.name = name;
    this.properties = propertiesOf(`Steps.${name}`);
    this.#definition = {
      Name: name,
      Type: type,
      ...content,
      ...(displayName !== undefined && { DisplayName: displayName }),
      ...(description !== undefined && { Description: description }),
      ...(dependsOn !== undefined && {
        DependsOn: dependsOn.map((step) => (typeof step === "string" ? step : step.name)),
      }),
      ...(cache !== undefined && { CacheConfig: { Enabled: true, ExpireAfter: cache.expireAfter } }),
      ...(retryPolicies !== undefined && { RetryPolicies: retryPolicies.map(retryPolicyDefinition) }),
    };
  }

  /** Its part of the pipeline's definition; expressions become what they stand for when it is written as JSON. */
  definition(): object {
    return this.#definition;
  }
}

function retryPolicyDefinition(policy: RetryPolicy): object {
  const { exceptionTypes, intervalSeconds = 1, backoffRate = 2, maxAttempts, expireAfterMinutes } = policy;
  return {
    ExceptionType: exceptionTypes,
    IntervalSeconds: intervalSeconds,
    BackoffRate: backoffRate,
    ...(maxAttempts !== undefined && { MaxAttempts: maxAttempts }),
    ...(expireAfterMinutes !== undefined && { ExpireAfterMin: expireAfterMinutes }),
  };
}
