/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** The only schema version that AWS has published. */
export const DEFINITION_VERSION = "2020-12-01";

/**
 * A pipeline's definition as it was read and checked, with the steps of all branches in one list. Source: "Pipeline definition JSON schema" of the
 * SageMaker developer guide, and what sagemaker/workflow of the SageMaker Python SDK writes.
 */
export interface PipelineDefinition {
  readonly parameters: readonly ParameterDefinition[];
  readonly experiment: { readonly ExperimentName?: Json; readonly TrialName?: Json } | undefined;
  /** In the order of the document; a Condition step before the steps of its branches. */
  readonly steps: readonly StepDefinition[];
}

export type ParameterType = "String" | "Integer" | "Boolean" | "Float";

export interface ParameterDefinition {
  readonly name: string;
  readonly type: ParameterType;
  readonly defaultValue: string | number | boolean | undefined;
  readonly enumValues: readonly (string | number | boolean)[] | undefined;
}

export interface StepDefinition {
  readonly name: string;
  readonly type: string;
  readonly displayName: string | undefined;
  readonly description: string | undefined;
  /** The service's request, with expressions in it; of a Condition step without its branches. */
  readonly arguments: JsonObject;
  readonly dependsOn: readonly string[];
  /** The steps that must have succeeded: those of DependsOn, those whose values it uses, and the Condition step of its branch. */
  readonly waitsFor: ReadonlySet<string>;
  readonly propertyFiles: readonly PropertyFile[];
  readonly cache: CacheDefinition | undefined;
  readonly retryPolicies: readonly RetryPolicy[];
  /** The branch of the Condition step that it stands in. */
  readonly branch: Branch | undefined;
}

export interface Branch {
  readonly condition: string;
  readonly when: boolean;
}

export interface PropertyFile {
  readonly name: string;
  readonly outputName: string;
  readonly filePath: string;
}

export interface CacheDefinition {
  /** How old the earlier run may be, in milliseconds; undefined: as old as it likes. */
  readonly expiresAfterMs: number | undefined;
}

/** Source: "Retry policy for pipeline steps" of the SageMaker developer guide. */
export interface RetryPolicy {
  readonly exceptionTypes: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number | undefined;
  readonly expireAfterMinutes: number | undefined;
}

/** Whether a value is an object and not an array or null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
