import type {
  CreateProcessingJobRequest,
  CreateProcessingJobResponse,
  DeleteProcessingJobRequest,
  DescribeProcessingJobRequest,
  DescribeProcessingJobResponse,
  ListProcessingJobsRequest,
  ListProcessingJobsResponse,
  ProcessingInput,
  ProcessingJobStatus,
  ProcessingJobSummary,
  StopProcessingJobRequest,
} from "@aws-sdk/client-sagemaker";
import type { NewResource } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { DEFAULT_MAX_RUNTIME_SECONDS } from "../jobs/job-progress.ts";
import { newRun } from "../jobs/job-run.ts";
import { randomRunSuffix } from "../jobs/job-run-id.ts";
import { sageMakerArn } from "./arn.ts";
import { toDate } from "./iso-time.ts";
import { createJobRecords, type JobRecordDependencies } from "./job-records.ts";
import { listPage } from "./list-query.ts";
import {
  describeProcessingJob as describe,
  PROCESSING_JOB,
  type ProcessingJob,
  type ProcessingJobBody,
} from "./processing-job-body.ts";
import { checkProcessingJob } from "./processing-job-validation.ts";

export interface ProcessingJobDependencies extends JobRecordDependencies {
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

/** CreateProcessingJob, DescribeProcessingJob, ListProcessingJobs, StopProcessingJob and DeleteProcessingJob. */
export function createProcessingJobOperations(dependencies: ProcessingJobDependencies) {
  const { resources } = dependencies;
  const records = createJobRecords<ProcessingJobBody>(dependencies, {
    type: PROCESSING_JOB,
    noun: "processing job",
    notFound: (name) => `Could not find requested job with name: ${name}`,
    taken: (arn) =>
      `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
    stopping: (body, at) => ({ ...body, LastModifiedTime: at.toISOString() }),
  });

  async function createProcessingJob(
    input: CreateProcessingJobRequest,
    caller: Caller,
  ): Promise<CreateProcessingJobResponse> {
    const row = newProcessingJob(input, caller, dependencies);
    await records.insert(row, input.Tags);
    return { ProcessingJobArn: row.arn };
  }

  async function describeProcessingJob(
    input: DescribeProcessingJobRequest,
    caller: Caller,
  ): Promise<DescribeProcessingJobResponse> {
    return describe(await records.find(caller, input.ProcessingJobName ?? ""));
  }

  async function listProcessingJobs(
    input: ListProcessingJobsRequest,
    caller: Caller,
  ): Promise<ListProcessingJobsResponse> {
    const page = await listPage<ProcessingJobBody>(resources, caller, PROCESSING_JOB, input);
    return { ProcessingJobSummaries: page.resources.map(summarize), NextToken: page.nextToken };
  }

  async function stopProcessingJob(input: StopProcessingJobRequest, caller: Caller): Promise<void> {
    await records.stop(caller, input.ProcessingJobName ?? "");
  }

  async function deleteProcessingJob(input: DeleteProcessingJobRequest, caller: Caller): Promise<void> {
    await records.remove(caller, input.ProcessingJobName ?? "");
  }

  return { createProcessingJob, describeProcessingJob, listProcessingJobs, stopProcessingJob, deleteProcessingJob };
}

/** The row of a job that begins now. Throws ValidationException for a request that AWS or we refuse. */
export function newProcessingJob(
  input: CreateProcessingJobRequest,
  caller: Caller,
  { clock, createId = randomRunSuffix }: Pick<ProcessingJobDependencies, "clock" | "createId">,
): NewResource<ProcessingJobBody> {
  checkProcessingJob(input);
  const { Tags: _tags, ProcessingJobName: name = "", ...request } = input;
  const { accountId, region } = caller;
  const { ProcessingInputs, ProcessingOutputConfig: output } = request;
  const arn = sageMakerArn(caller, "processing-job", name);
  const body: ProcessingJobBody = {
    ...request,
    ...(ProcessingInputs === undefined ? {} : { ProcessingInputs: ProcessingInputs.map(withDefaults) }),
    ...(output === undefined
      ? {}
      : {
          ProcessingOutputConfig: {
            ...output,
            Outputs: output.Outputs?.map((each) => ({ AppManaged: false, ...each })),
          },
        }),
    StoppingCondition: { MaxRuntimeInSeconds: DEFAULT_MAX_RUNTIME_SECONDS, ...request.StoppingCondition },
    LastModifiedTime: clock.now().toISOString(),
    run: newRun(`${name}-${createId()}`, caller.accessKeyId),
  };
  return { accountId, region, type: PROCESSING_JOB, name, arn, status: "InProgress", body, due: "now" };
}

/** An input as AWS shows it. */
function withDefaults(input: ProcessingInput): ProcessingInput {
  const { S3Input } = input;
  const defaults = {
    S3InputMode: "File",
    S3DataDistributionType: "FullyReplicated",
    S3CompressionType: "None",
  } as const;
  return { AppManaged: false, ...input, ...(S3Input === undefined ? {} : { S3Input: { ...defaults, ...S3Input } }) };
}

function summarize({ name, arn, status, createdAt, body }: ProcessingJob): ProcessingJobSummary {
  return {
    ProcessingJobName: name,
    ProcessingJobArn: arn,
    CreationTime: createdAt,
    ProcessingEndTime: toDate(body.ProcessingEndTime),
    LastModifiedTime: new Date(body.LastModifiedTime),
    ProcessingJobStatus: status as ProcessingJobStatus,
    FailureReason: body.FailureReason,
    ExitMessage: body.ExitMessage,
  };
}
