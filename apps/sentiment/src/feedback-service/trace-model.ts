import {
  DescribeModelCommand,
  DescribeModelPackageCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
} from "@aws-sdk/client-sagemaker";
import { isNotFound, PipelineExecution } from "@rondo/sdk";
import { type PipelineContext, pipelineName } from "../pipeline/pipeline-context.ts";

/** Where a model comes from. What is not known is left out. */
export interface ModelTrace {
  readonly model_name: string;
  readonly model_package_arn?: string;
  readonly artifact?: string;
  readonly training_job?: string;
  /** S3 URIs of the training job's channels by name. */
  readonly data?: Readonly<Record<string, string>>;
  /** What the registry keeps of the version: hashes of data and hold-out, the gate's numbers. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** `s3://bucket/prefix/<training job>/output/model.tar.gz` */
const ARTIFACT_OF_JOB = /\/([^/]+)\/output\/model\.tar\.gz$/;

/** Follows a model's name to its version, artifact, training job and data; undefined when there is no such model. */
export async function traceModel(context: PipelineContext, name: string): Promise<ModelTrace | undefined> {
  const { sagemaker } = context.session;
  const model = await unlessNotFound(sagemaker.send(new DescribeModelCommand({ ModelName: name })));
  if (model === undefined) return undefined;
  const container = model.PrimaryContainer ?? model.Containers?.[0];
  const packageArn = container?.ModelPackageName;
  const version =
    packageArn === undefined
      ? undefined
      : await unlessNotFound(sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: packageArn })));
  const artifact = container?.ModelDataUrl ?? version?.InferenceSpecification?.Containers?.[0]?.ModelDataUrl;
  const metadata = version?.CustomerMetadataProperties;
  const jobName =
    metadata?.training_job ??
    ARTIFACT_OF_JOB.exec(artifact ?? "")?.[1] ??
    (await jobOfExecution(context, metadata?.execution_id));
  const job =
    jobName === undefined
      ? undefined
      : await unlessNotFound(sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName })));
  return {
    model_name: name,
    ...(packageArn !== undefined && { model_package_arn: packageArn }),
    ...(artifact !== undefined && { artifact }),
    ...(job?.TrainingJobArn !== undefined && { training_job: job.TrainingJobArn }),
    ...(job !== undefined && { data: channelsOf(job) }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** The training job of an execution of the pipeline. */
async function jobOfExecution(context: PipelineContext, executionId: string | undefined): Promise<string | undefined> {
  if (executionId === undefined) return undefined;
  const { session } = context;
  const owner = `${await session.region()}:${await session.accountId()}`;
  const arn = `arn:aws:sagemaker:${owner}:pipeline/${pipelineName(context)}/execution/${executionId}`;
  const steps = (await unlessNotFound(new PipelineExecution(arn, session).steps())) ?? [];
  const trained = steps.find(({ Metadata }) => Metadata?.TrainingJob?.Arn !== undefined);
  return trained?.Metadata?.TrainingJob?.Arn?.split("/").at(-1);
}

function channelsOf({ InputDataConfig = [] }: DescribeTrainingJobResponse): Record<string, string> {
  return Object.fromEntries(
    InputDataConfig.map(({ ChannelName = "", DataSource }) => [ChannelName, DataSource?.S3DataSource?.S3Uri ?? ""]),
  );
}

async function unlessNotFound<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
