import { checkDraft, type ServiceDefinition } from "@rondo/wire";
import type { Json, PipelineDefinition, StepDefinition } from "./definition.ts";
import { invalidDefinition } from "./definition-error.ts";
import { readExpression } from "./expression.ts";

/** The request that the arguments of a type of step are, and the names in it that the step's run decides. */
const REQUESTS: Readonly<Record<string, { readonly operation: string; readonly openMembers: readonly string[] }>> = {
  Training: { operation: "CreateTrainingJob", openMembers: ["TrainingJobName"] },
  Processing: { operation: "CreateProcessingJob", openMembers: ["ProcessingJobName"] },
  Model: { operation: "CreateModel", openMembers: ["ModelName"] },
  RegisterModel: { operation: "CreateModelPackage", openMembers: [] },
  EndpointConfig: { operation: "CreateEndpointConfig", openMembers: ["EndpointConfigName"] },
  Endpoint: { operation: "CreateEndpoint", openMembers: ["EndpointName"] },
};

/**
 * Throws ValidationException when a step's arguments are not a request of its service, as far as they are known before an execution: better now than after an
 * hour of training.
 */
export function checkArguments({ steps }: PipelineDefinition, sageMaker: ServiceDefinition): void {
  for (const step of steps) {
    const problem = step.type === "Fail" ? problemOfFail(step) : problemOfRequest(step, sageMaker);
    if (problem !== undefined) throw invalidDefinition(`step ${step.name}: Arguments.${problem}.`);
  }
}

function problemOfRequest(
  { type, arguments: input }: StepDefinition,
  sageMaker: ServiceDefinition,
): string | undefined {
  const request = REQUESTS[type];
  if (request === undefined) return undefined;
  return checkDraft(sageMaker, { ...request, input, isOpen: (value) => readExpression(value as Json) !== undefined });
}

function problemOfFail({ arguments: { ErrorMessage: message = "", ...others } }: StepDefinition): string | undefined {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `${unknown} is not a member of a Fail step`;
  return typeof message === "string" || readExpression(message) !== undefined
    ? undefined
    : "ErrorMessage must be a string";
}
