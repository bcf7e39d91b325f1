import type { CliCommand } from "../command.ts";
import { findModelVersion, versionArgument } from "../model-version.ts";
import { formatFacts } from "../table.ts";

/** Describes a version of the model registry. */
export const modelsDescribeCommand: CliCommand = {
  name: "models describe",
  summary: "Describe a version of the registry: approval, artifact, metadata",
  arguments: versionArgument,
  examples: ["rondo models describe sentiment/3"],
  async run(invocation) {
    using session = await invocation.session();
    const model = await (await findModelVersion(invocation, session)).describe(invocation.signal);
    const container = model.InferenceSpecification?.Containers?.[0];
    const facts = formatFacts([
      ["Version", `${model.ModelPackageGroupName}/${model.ModelPackageVersion}`],
      ["Approval", model.ModelApprovalStatus],
      ["Reason", model.ApprovalDescription],
      ["Description", model.ModelPackageDescription],
      ["Created", model.CreationTime],
      ["Image", container?.Image],
      ["Artifact", container?.ModelDataUrl],
      ["Statistics", model.ModelMetrics?.ModelQuality?.Statistics?.S3Uri],
      ...Object.entries(model.CustomerMetadataProperties ?? {}).map(([name, value]) => [`  ${name}`, value] as const),
    ]);
    invocation.output.result({ ...model, $metadata: undefined }, facts);
  },
};
