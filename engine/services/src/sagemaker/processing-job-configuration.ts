import type { ProcessingJob } from "./processing-job-body.ts";

/** The job as its container reads it in `config/processingjobconfig.json`: members that were not given are null. */
export function processingJobConfiguration({ name, arn, body }: ProcessingJob): object {
  const { ProcessingInputs = [], ProcessingOutputConfig: output, ProcessingResources, AppSpecification } = body;
  return {
    ProcessingJobArn: arn,
    ProcessingJobName: name,
    AppSpecification: { ContainerEntrypoint: null, ContainerArguments: null, ...AppSpecification },
    Environment: body.Environment ?? {},
    ProcessingInputs: ProcessingInputs.map((input) => ({
      DatasetDefinition: null,
      ...input,
      S3Input: input.S3Input ?? null,
    })),
    ProcessingOutputConfig: {
      Outputs: (output?.Outputs ?? []).map((each) => ({
        FeatureStoreOutput: null,
        ...each,
        S3Output: each.S3Output ?? null,
      })),
      KmsKeyId: output?.KmsKeyId ?? null,
    },
    ProcessingResources: { ClusterConfig: { VolumeKmsKeyId: null, ...ProcessingResources?.ClusterConfig } },
    NetworkConfig: body.NetworkConfig ?? null,
    ExperimentConfig: body.ExperimentConfig ?? null,
    RoleArn: body.RoleArn ?? null,
    StoppingCondition: body.StoppingCondition ?? null,
  };
}
