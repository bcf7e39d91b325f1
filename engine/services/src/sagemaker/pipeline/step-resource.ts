import type { PipelineExecutionStepMetadata } from "@aws-sdk/client-sagemaker";
import { AwsError } from "@rondo/wire";
import type { Json, JsonObject } from "./definition.ts";
import type { StepResource } from "./execution-body.ts";

/** Calls an operation of SageMaker in the name of whoever started the execution. */
export type Invoke = (operation: string, input: JsonObject) => Promise<JsonObject>;

export interface StepCall {
  readonly resource: StepResource;
  readonly invoke: Invoke;
}

export interface CreateCall extends StepCall {
  /** The step's arguments, evaluated. */
  readonly request: JsonObject;
  readonly executionArn: string;
}

/** How a step's resource is. */
export type StepState =
  | { readonly state: "running" | "succeeded" | "stopped" }
  | { readonly state: "failed"; readonly reason: string };

/** What a type of step creates. `create` may be repeated: it finds what an earlier call has made. */
export interface StepResourceType {
  /** The member of the step's Metadata. */
  readonly metadata: keyof PipelineExecutionStepMetadata;
  /** The name of the resource for a request; `unique` is one that nobody has used. */
  name(request: JsonObject, unique: (prefix: string | undefined) => string): StepResource;
  create(call: CreateCall): Promise<StepResource>;
  /** The properties that other steps refer to: the answer of the Describe operation. */
  describe(call: StepCall): Promise<JsonObject>;
  stateOf(description: JsonObject, resource: StepResource): StepState;
  /** Absent where it cannot be stopped. */
  stop?(call: StepCall): Promise<void>;
}

/** The answer of a Describe operation, or undefined when the resource is not there. */
export async function describeIfThere(type: StepResourceType, call: StepCall): Promise<JsonObject | undefined> {
  try {
    return await type.describe(call);
  } catch (error) {
    if (
      error instanceof AwsError &&
      /not found|Could not find|does not exist/i.test(`${error.code} ${error.message}`)
    ) {
      return undefined;
    }
    throw error;
  }
}

/** A member that a Describe operation always gives. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
