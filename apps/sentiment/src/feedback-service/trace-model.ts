import {
  DescribeModelCommand,
  DescribeModelPackageCommand,
  DescribeTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { isNotFound, type Session } from "@rondo/sdk";

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
export async function traceModel(session: Session, name: string): Promise<ModelTrace | undefined> {
  const model = await unlessNotFound(session.sagemaker.send(new DescribeModelCommand({ ModelName: name })));
  if (model === undefined) return undefined;
  const container = model.PrimaryContainer ?? model.Containers?.[0];
  const packageArn = container?.ModelPackageName;
  const version =
    packageArn === undefined
      ? undefined
      : await unlessNotFound(session.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: packageArn })));
  const artifact = container?.ModelDataUrl ?? version?.InferenceSpecification?.Containers?.[0]?.ModelDataUrl;
  const metadata = version?.CustomerMetadataProperties;
  const jobName = metadata?.training_job ?? ARTIFACT_OF_JOB.exec(artifact ?? "")?.[1];
  const job =
    jobName === undefined
      ? undefined
      : await unlessNotFound(session.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName })));
  const data = Object.fromEntries(
    (job?.InputDataConfig ?? []).map(({ ChannelName = "", DataSource }) => [
      ChannelName,
      DataSource?.S3DataSource?.S3Uri ?? "",
    ]),
  );
  return {
    model_name: name,
    ...(packageArn !== undefined && { model_package_arn: packageArn }),
    ...(artifact !== undefined && { artifact }),
    ...(job?.TrainingJobArn !== undefined && { training_job: job.TrainingJobArn }),
    ...(job !== undefined && { data }),
    ...(metadata !== undefined && { metadata }),
  };
}

async function unlessNotFound<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
