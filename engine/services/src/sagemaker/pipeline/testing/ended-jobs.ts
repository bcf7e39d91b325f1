import type { Resource } from "@rondo/store";
import type { OperationHandler, ServiceDefinition } from "@rondo/wire";
import { caller } from "../../testing/job-house.ts";
import type { PipelineHouse } from "./pipeline-house.ts";

type JobInput = Readonly<Record<string, string | undefined>>;

/** How a job comes out. */
export interface JobEnd {
  readonly status: string;
  readonly failureReason?: string;
}

/**
 * The house's SageMaker, whose jobs have their end as soon as an operation was called for them: for tests that are about steps and not about jobs.
 * `endOf` says how, by the operation and the job's name; undefined leaves the job as it is.
 */
export function withJobsThatEnd(
  { service, resources }: Pick<PipelineHouse, "service" | "resources">,
  endOf: (operation: string, name: string) => JobEnd | undefined,
): ServiceDefinition {
  const operations: Record<string, OperationHandler> = { ...service.operations };
  for (const operation of ["CreateTrainingJob", "CreateProcessingJob", "StopTrainingJob", "StopProcessingJob"]) {
    const original = operations[operation] as OperationHandler<JobInput>;
    const noun = operation.endsWith("TrainingJob") ? "training-job" : "processing-job";
    const handler: OperationHandler<JobInput> = async (input, by, request) => {
      const output = await original(input, by, request);
      const name = input.TrainingJobName ?? input.ProcessingJobName ?? "";
      const end = endOf(operation, name);
      const job: Resource | undefined = await resources.find(caller, `sagemaker/${noun}`, name);
      if (end === undefined || job === undefined) return output;
      const model = { ModelArtifacts: { S3ModelArtifacts: `s3://data/models/${name}/output/model.tar.gz` } };
      const made = noun === "training-job" ? model : {};
      const body = { ...job.body, ...made, FailureReason: end.failureReason };
      await resources.update(job, { status: end.status, body, due: null });
      return output;
    };
    operations[operation] = handler as OperationHandler;
  }
  return { ...service, operations };
}
