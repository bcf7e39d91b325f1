import { AwsError } from "@rondo/wire";
import { isObject, type Json, type JsonObject } from "./definition.ts";
import { endpointType } from "./endpoint-step.ts";
import { registerModelType } from "./register-model-step.ts";
import { describeIfThere, type StepResourceType, textOf } from "./step-resource.ts";

interface NamedOptions {
  readonly metadata: StepResourceType["metadata"];
  /** What its operations are called: `TrainingJob` of CreateTrainingJob, DescribeTrainingJob and TrainingJobName. */
  readonly noun: "TrainingJob" | "ProcessingJob" | "Model" | "EndpointConfig";
  readonly name: StepResourceType["name"];
  readonly stateOf: StepResourceType["stateOf"];
  readonly isStoppable: boolean;
}

/** Resources that are created under a name of the caller's choice. */
function namedType({ metadata, noun, name, stateOf, isStoppable }: NamedOptions): StepResourceType {
  const type: StepResourceType = {
    metadata,
    name,
    stateOf,
    async create(call) {
      const { resource, request, invoke } = call;
      try {
        const created = await invoke(`Create${noun}`, { ...request, [`${noun}Name`]: resource.name });
        return { ...resource, arn: textOf(created[`${noun}Arn`]) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // The name was decided for this step alone: what bears it was made before a crash.
        const existing = await describeIfThere(type, call);
        if (existing === undefined || !isOurs(request, existing)) throw error;
        return { ...resource, arn: textOf(existing[`${noun}Arn`]) };
      }
    },
    describe: ({ resource, invoke }) => invoke(`Describe${noun}`, { [`${noun}Name`]: resource.name }),
  };
  if (!isStoppable) return type;
  return {
    ...type,
    async stop({ resource, invoke }) {
      await invoke(`Stop${noun}`, { [`${noun}Name`]: resource.name });
    },
  };
}

/** Of an endpoint configuration that the definition names itself, another one that has all that the request asks for is as good. */
function isOurs(request: JsonObject, existing: JsonObject): boolean {
  // A description has no tags.
  const { Tags: _, ...wanted } = request;
  return wanted.EndpointConfigName === undefined || hasAllOf(existing, wanted);
}

/** Whether every member of `part` is in `whole` with the same value, which may have more members. */
function hasAllOf(whole: Json | undefined, part: Json): boolean {
  if (Array.isArray(part)) {
    if (!Array.isArray(whole) || whole.length !== part.length) return false;
    return part.every((element: Json, index) => hasAllOf(whole[index], element));
  }
  if (!isObject(part)) return whole === part;
  return isObject(whole) && Object.entries(part).every(([member, value]) => hasAllOf(whole[member], value));
}

/** A name of our own; one in the arguments is a prefix, as with the Python SDK's `use_custom_job_prefix`. */
function ownName(member: string): StepResourceType["name"] {
  return (request, unique) => ({ name: unique(textOf(request[member]) || undefined) });
}

function jobType(noun: "TrainingJob" | "ProcessingJob"): StepResourceType {
  return namedType({
    metadata: noun,
    noun,
    name: ownName(`${noun}Name`),
    isStoppable: true,
    stateOf(description) {
      const status = description[`${noun}Status`];
      if (status === "Completed") return { state: "succeeded" };
      if (status === "Stopped") return { state: "stopped" };
      if (status !== "Failed") return { state: "running" };
      const text = textOf(description.FailureReason) || textOf(description.ExitMessage);
      return { state: "failed", reason: text || `${textOf(description[`${noun}Arn`])} failed without a reason.` };
    },
  });
}

/** What is there as soon as it is created. */
const atOnce: StepResourceType["stateOf"] = () => ({ state: "succeeded" });

/** The types of steps that create something, by the Type of the definition. */
export const STEP_RESOURCE_TYPES: Readonly<Record<string, StepResourceType>> = {
  Training: jobType("TrainingJob"),
  Processing: jobType("ProcessingJob"),
  Model: namedType({
    metadata: "Model",
    noun: "Model",
    name: ownName("ModelName"),
    stateOf: atOnce,
    isStoppable: false,
  }),
  EndpointConfig: namedType({
    metadata: "EndpointConfig",
    noun: "EndpointConfig",
    name: ({ EndpointConfigName: given }, unique) => ({ name: textOf(given) || unique(undefined) }),
    stateOf: atOnce,
    isStoppable: false,
  }),
  RegisterModel: registerModelType,
  Endpoint: endpointType,
};
