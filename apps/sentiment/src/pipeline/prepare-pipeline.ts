import { imageUri } from "@rondo/sdk";
import { definePipeline } from "../../infrastructure/sagemaker/pipeline_definition.ts";
import { hashOfContent } from "../data/text-hash.ts";
import { type BundledScript, bundleScripts } from "./bundle-scripts.ts";
import { type PipelineContext, pipelineName } from "./pipeline-context.ts";
import { uploadHoldOut } from "./upload-hold-out.ts";

export interface PreparedPipeline {
  readonly pipelineName: string;
  readonly pipelineArn: string;
  /** SHA-256 of the frozen hold-out. */
  readonly holdOutSha256: string;
}

export interface PipelineSettings {
  /** How long a tenth of the traffic is watched before a new version gets all of it. Default 60. */
  readonly canarySeconds?: number;
  /** Of the rollback alarms, in seconds. Default 60, as CloudWatch has SageMaker's metrics; on Rondo 10 is enough. */
  readonly alarmPeriodSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** S3 URI of the first model's data (S-30). */
export function trainingDataUri({ names }: PipelineContext): string {
  return `s3://${names.buckets.data}/data/train_data.csv`;
}

/** The text classifier is an image of Rondo's own; AWS has BlazingText. */
async function algorithmImage({ session, settings }: PipelineContext): Promise<string> {
  return settings.algorithm === "blazingtext"
    ? imageUri("blazingtext", await session.region())
    : "rondo/text-classifier:1";
}

/** Under its content's hash, so that the same script is the same URI and a running execution keeps the one that it began with. */
export async function uploadScript(
  { session, names }: PipelineContext,
  { fileName, content }: BundledScript,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = hashOfContent(Buffer.from(content)).slice(0, 16);
  const uri = `s3://${names.buckets.artifacts}/scripts/${hash}/${fileName}`;
  await session.uploadString(content, uri, { signal });
  return uri;
}

/** Brings the pipeline about or up to date: hold-out and scripts in S3, definition at SageMaker. It can be repeated. The buckets must be there. */
export async function preparePipeline(
  context: PipelineContext,
  settings: PipelineSettings = {},
): Promise<PreparedPipeline> {
  const { session, names } = context;
  const { canarySeconds = 60, alarmPeriodSeconds = 60, signal } = settings;
  const [holdOut, bundles] = await Promise.all([
    uploadHoldOut(session, names.buckets.data, { signal }),
    bundleScripts(),
  ]);
  const [preprocessing, evaluation, deploy] = await Promise.all(
    [bundles.preprocessing, bundles.evaluation, bundles.deploy].map((bundle) => uploadScript(context, bundle, signal)),
  );
  const name = pipelineName(context);
  const pipeline = await definePipeline({
    session,
    name,
    role: context.settings.role,
    endpointName: context.settings.endpointName,
    modelPackageGroup: names.modelPackageGroup,
    buckets: names.buckets,
    scripts: { preprocessing: preprocessing ?? "", evaluation: evaluation ?? "", deploy: deploy ?? "" },
    defaults: {
      inputData: trainingDataUri(context),
      holdOut: holdOut.uri,
      scriptImage: context.settings.scriptImage,
      algorithm: context.settings.algorithm,
      algorithmImage: await algorithmImage(context),
      canarySeconds,
      alarmPeriodSeconds,
    },
  });
  const pipelineArn = await pipeline.upsert(context.settings.role, { signal });
  return { pipelineName: name, pipelineArn, holdOutSha256: holdOut.manifest.sha256 };
}
