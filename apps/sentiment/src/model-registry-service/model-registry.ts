import {
  CreateModelPackageCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  type DescribeModelPackageOutput,
  DescribeTrainingJobCommand,
  ListModelPackagesCommand,
  type ModelApprovalStatus,
} from "@aws-sdk/client-sagemaker";
import { isNotFound } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import { ServiceError } from "../web/service-error.ts";

/** A version of the registry. */
export interface ModelVersion {
  readonly version: number;
  readonly model_package_arn: string;
  readonly status: string;
  readonly approval_status: string;
  readonly created_at: string;
  readonly description: string;
  readonly artifact: string;
  /** Training job, hashes of data and hold-out, numbers of the gate, labels: what whoever registered it wrote down. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What answers predictions. */
export interface ActiveModel {
  readonly endpoint_name: string;
  readonly endpoint_status: string;
  readonly variants: readonly {
    readonly variant: string;
    readonly model_name: string;
    /** Share of the traffic, 0 to 1. */
    readonly share: number;
    /** Undefined for a model that does not come from the registry. */
    readonly version?: number;
    readonly model_package_arn?: string;
  }[];
}

/** What to register: a training job's model. */
export interface Registration {
  /** By which a registration that is made twice is found again. */
  readonly registration_id: string;
  readonly registered_at: string;
  readonly training_job_name: string;
  readonly approval_status: ModelApprovalStatus;
  readonly description?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The application's group of the SageMaker Model Registry and the endpoint (S-3, S-41). */
export interface ModelRegistry {
  /** The latest versions first. */
  list(most: number, signal?: AbortSignal): Promise<ModelVersion[]>;
  /** Throws ServiceError 404 without an endpoint. */
  active(signal?: AbortSignal): Promise<ActiveModel>;
  /** Registers the model, unless that has been done. Throws ServiceError 404 without such a training job, 409 when it has made no model. */
  register(registration: Registration): Promise<ModelVersion>;
}

/** Room for clocks that differ. */
const CLOCK_SKEW_MS = 15 * 60_000;

/** One after the other, a hundred versions would take longer than a client waits; all at once, AWS would ask to slow down. */
const DESCRIBED_AT_ONCE = 10;

export function createModelRegistry(context: ApplicationContext): ModelRegistry {
  return {
    async list(most, signal) {
      const arns: string[] = [];
      for await (const arn of packageArns(context, { signal })) {
        arns.push(arn);
        if (arns.length >= most) break;
      }
      const versions: ModelVersion[] = [];
      for (let start = 0; start < arns.length; start += DESCRIBED_AT_ONCE) {
        const group = arns.slice(start, start + DESCRIBED_AT_ONCE);
        versions.push(...(await Promise.all(group.map((arn) => describeVersion(context, arn, signal)))));
      }
      return versions;
    },
    active: (signal) => readActiveModel(context, signal),
    async register(registration) {
      const known = await findRegistration(context, registration);
      return known ?? describeVersion(context, await createPackage(context, registration));
    },
  };
}

async function describeVersion(
  { session }: ApplicationContext,
  arn: string,
  signal?: AbortSignal,
): Promise<ModelVersion> {
  const command = new DescribeModelPackageCommand({ ModelPackageName: arn });
  return readVersion(await session.sagemaker.send(command, { abortSignal: signal }));
}

/** Latest first. */
async function* packageArns(
  { names, session }: ApplicationContext,
  { since, signal }: { readonly since?: Date; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<string> {
  let NextToken: string | undefined;
  do {
    const page = await session.sagemaker.send(
      new ListModelPackagesCommand({
        ModelPackageGroupName: names.modelPackageGroup,
        SortBy: "CreationTime",
        SortOrder: "Descending",
        NextToken,
        ...(since !== undefined && { CreationTimeAfter: since }),
      }),
      { abortSignal: signal },
    );
    for (const { ModelPackageArn = "" } of page.ModelPackageSummaryList ?? []) yield ModelPackageArn;
    ({ NextToken } = page);
  } while (NextToken !== undefined);
}

async function findRegistration(
  context: ApplicationContext,
  { registration_id, registered_at }: Registration,
): Promise<ModelVersion | undefined> {
  const since = new Date(Date.parse(registered_at) - CLOCK_SKEW_MS);
  for await (const arn of packageArns(context, { since })) {
    const version = await describeVersion(context, arn);
    if (version.metadata.registration_id === registration_id) return version;
  }
  return undefined;
}

async function createPackage({ names, session }: ApplicationContext, registration: Registration): Promise<string> {
  const { approval_status, description, metadata, registration_id, training_job_name } = registration;
  const job = await session.sagemaker
    .send(new DescribeTrainingJobCommand({ TrainingJobName: training_job_name }))
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      throw new ServiceError(404, "UnknownTrainingJob", `There is no training job ${training_job_name}.`);
    });
  const artifact = job.ModelArtifacts?.S3ModelArtifacts;
  const image = job.AlgorithmSpecification?.TrainingImage;
  if (job.TrainingJobStatus !== "Completed" || artifact === undefined || image === undefined) {
    const message = `The training job ${training_job_name} is ${job.TrainingJobStatus}: it has no model to register.`;
    throw new ServiceError(409, "NoModel", message);
  }
  const { ModelPackageArn = "" } = await session.sagemaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName: names.modelPackageGroup,
      ModelApprovalStatus: approval_status,
      ...(description !== undefined && { ModelPackageDescription: description }),
      InferenceSpecification: {
        Containers: [{ Image: image, ModelDataUrl: artifact }],
        SupportedContentTypes: ["application/json"],
        SupportedResponseMIMETypes: ["application/json"],
      },
      CustomerMetadataProperties: { ...metadata, registration_id, training_job: training_job_name },
      ClientToken: registration_id,
    }),
  );
  return ModelPackageArn;
}

async function readActiveModel(
  { session, settings }: ApplicationContext,
  signal: AbortSignal | undefined,
): Promise<ActiveModel> {
  const { sagemaker } = session;
  const name = settings.endpointName;
  const endpoint = await sagemaker
    .send(new DescribeEndpointCommand({ EndpointName: name }), { abortSignal: signal })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      throw new ServiceError(404, "NoActiveModel", `There is no endpoint ${name}: POST /bootstrap makes it.`);
    });
  const { EndpointConfigName, EndpointStatus = "", ProductionVariants = [] } = endpoint;
  const config = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }), {
    abortSignal: signal,
  });
  const weights = new Map(ProductionVariants.map(({ VariantName, CurrentWeight }) => [VariantName, CurrentWeight]));
  const configured = (config.ProductionVariants ?? []).map((variant) => ({
    variant: variant.VariantName ?? "",
    model_name: variant.ModelName ?? "",
    weight: weights.get(variant.VariantName) ?? variant.InitialVariantWeight ?? 1,
  }));
  const total = configured.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const variants = await Promise.all(
    configured.map(async ({ weight, ...variant }) => {
      const model = await sagemaker.send(new DescribeModelCommand({ ModelName: variant.model_name }), {
        abortSignal: signal,
      });
      const arn = model.PrimaryContainer?.ModelPackageName ?? model.Containers?.[0]?.ModelPackageName;
      const version = arn === undefined ? {} : { model_package_arn: arn, version: versionOf(arn) };
      return { ...variant, share: weight / total, ...version };
    }),
  );
  return { endpoint_name: name, endpoint_status: EndpointStatus, variants };
}

/** `…:model-package/sentiment/3` is version 3. */
function versionOf(arn: string): number {
  return Number(arn.slice(arn.lastIndexOf("/") + 1));
}

function readVersion(described: DescribeModelPackageOutput): ModelVersion {
  const { ModelPackageArn: arn = "", InferenceSpecification: specification } = described;
  return {
    version: described.ModelPackageVersion ?? versionOf(arn),
    model_package_arn: arn,
    status: described.ModelPackageStatus ?? "",
    approval_status: described.ModelApprovalStatus ?? "",
    created_at: described.CreationTime?.toISOString() ?? "",
    description: described.ModelPackageDescription ?? "",
    artifact: specification?.Containers?.[0]?.ModelDataUrl ?? "",
    metadata: described.CustomerMetadataProperties ?? {},
  };
}
