import { AwsError } from "@rondo/wire";
import { isObject, type JsonObject } from "./definition.ts";
import { type Invoke, type StepResourceType, textOf } from "./step-resource.ts";

/**
 * A version in a model package group, which is created when it is missing. SageMaker numbers versions itself, so the step's unique name serves as the
 * ClientToken: a repetition gets the version that the first call made.
 */
export const registerModelType: StepResourceType = {
  metadata: "RegisterModel",
  name: (_request, unique) => ({ name: unique(undefined) }),
  async create({ resource, request, executionArn, invoke }) {
    const group = textOf(request.ModelPackageGroupName);
    if (group !== "") await ensureGroup(invoke, group);
    const given = isObject(request.MetadataProperties) ? request.MetadataProperties : {};
    const input: JsonObject = {
      ...request,
      ClientToken: resource.name.slice(-MAX_TOKEN),
      // AWS notes the execution there; it is the package's lineage.
      MetadataProperties: { GeneratedBy: executionArn, ...given },
    };
    const { ModelPackageArn: arn } = await invoke("CreateModelPackage", input);
    return { ...resource, arn: textOf(arn) };
  },
  describe: ({ resource, invoke }) => invoke("DescribeModelPackage", { ModelPackageName: resource.arn ?? "" }),
  stateOf(description) {
    const status = description.ModelPackageStatus;
    if (status === "Completed") return { state: "succeeded" };
    return status === "Failed" ? { state: "failed", reason: "The model package failed." } : { state: "running" };
  },
};

/** Of a ClientToken. The end of the name is what makes it unique. */
const MAX_TOKEN = 36;

async function ensureGroup(invoke: Invoke, group: string): Promise<void> {
  try {
    await invoke("CreateModelPackageGroup", { ModelPackageGroupName: group });
  } catch (error) {
    if (!(error instanceof AwsError) || !/already exists/.test(error.message)) throw error;
  }
}
