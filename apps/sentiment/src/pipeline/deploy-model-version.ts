import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CopyObjectCommand } from "@aws-sdk/client-s3";
import type { DeploymentConfig, ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { Endpoint, ModelPackage, type Session, UnexpectedStatusError } from "@rondo/sdk";
import type { Tokenizer } from "../data/tokenizer.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import { putRollbackAlarms } from "./rollback-alarms.ts";
import { tokenizerCopy, versionLocations } from "./version-locations.ts";

export interface DeploymentRequest {
  /** ARN of an approved version. */
  readonly modelPackageArn: string;
  readonly endpointName: string;
  readonly role: string;
  readonly instanceType: ProductionVariantInstanceType;
  readonly instanceCount: number;
  /** How long the tenth of the traffic is watched before all of it moves. */
  readonly canarySeconds: number;
  readonly alarmPeriodSeconds: number;
  readonly buckets: { readonly models: string; readonly tokenizers: string };
  readonly tokenizer: Tokenizer;
  readonly evaluation: Evaluation;
}

/** `deployment.json`: what the pipeline brought into service. */
export interface DeployedVersion {
  readonly endpointName: string;
  /** Name of model, variant and configuration: `sentiment-v3`. */
  readonly modelVersion: string;
  readonly modelPackageArn: string;
  readonly alarms: readonly string[];
  readonly modelUri: string;
  readonly tokenizerUri: string;
}

/** Bringing up a fleet, the canary and the move, with room. */
const TIMEOUT_MS = 60 * 60_000;

/** Old fleets stay this long after all traffic has moved, for requests that are under way. */
const TERMINATION_WAIT_SECONDS = 0;

/** How traffic moves to a new version: a tenth first, back when one of the alarms goes off, then all of it. */
export function canaryDeployment(alarms: readonly string[], canarySeconds: number): DeploymentConfig {
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: "CANARY",
        CanarySize: { Type: "CAPACITY_PERCENT", Value: 10 },
        WaitIntervalInSeconds: canarySeconds,
      },
      TerminationWaitInSeconds: TERMINATION_WAIT_SECONDS,
      MaximumExecutionTimeoutInSeconds: Math.max(600, canarySeconds + 600),
    },
    AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
  };
}

/** Copies of what the version is made of, under the names by which people look for it (S-49). */
async function copyVersion(session: Session, request: DeploymentRequest, modelVersion: string, number: number) {
  const { evaluation, tokenizer } = request;
  const { modelKey, evaluationUri, modelUri, tokenizerUri } = versionLocations(request.buckets, number);
  const copy = new CopyObjectCommand({
    Bucket: request.buckets.models,
    Key: modelKey,
    CopySource: encodeURI(evaluation.model.dataUri.replace(/^s3:\/\//, "")),
  });
  await Promise.all([
    session.s3.send(copy),
    session.uploadString(`${JSON.stringify(evaluation, null, 2)}\n`, evaluationUri),
    session.uploadString(
      tokenizerCopy(tokenizer, { modelVersion, modelSha256: evaluation.model.sha256 }),
      tokenizerUri,
    ),
  ]);
  return { modelUri, tokenizerUri };
}

/** Descriptions in the registry are one line of at most 1,024 characters. */
function toOneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 1024);
}

/** Moves the endpoint to the version, unless it serves it already; an update that is under way is waited for first. */
async function serve(session: Session, request: DeploymentRequest, version: string, alarms: readonly string[]) {
  const endpoint = new Endpoint(request.endpointName, session);
  const variants = [
    {
      modelName: version,
      variantName: version,
      instanceType: request.instanceType,
      initialInstanceCount: request.instanceCount,
    },
  ];
  const creation = { configName: version, variants, reuseExisting: true };
  const { EndpointStatus: status } = (await endpoint.find()) ?? {};
  if (status === "Failed") await endpoint.delete({ timeoutMs: TIMEOUT_MS });
  if (status === undefined || status === "Failed") await endpoint.create(creation);
  const settled = await endpoint.wait({ timeoutMs: TIMEOUT_MS });
  if (settled.EndpointConfigName === version) return;
  await endpoint.update(creation, {
    deploymentConfig: canaryDeployment(alarms, request.canarySeconds),
    timeoutMs: TIMEOUT_MS,
  });
}

/**
 * Brings a registered version into service, blue/green: a tenth of the traffic first, then all of it, and back when one of two alarms goes off. A version that was
 * rolled back is marked Rejected in the registry, with the reason. It can be repeated at any point. Throws UnexpectedStatusError when the endpoint still
 * serves the old version at the end.
 */
export async function deployModelVersion(
  session: Session,
  cloudwatch: CloudWatchClient,
  request: DeploymentRequest,
): Promise<DeployedVersion> {
  const registered = new ModelPackage(request.modelPackageArn, session);
  const { ModelPackageVersion: number, ModelPackageGroupName: group } = await registered.describe();
  if (number === undefined) throw new Error(`${request.modelPackageArn} is not a version of a model package group.`);
  const modelVersion = `${group}-v${number}`;
  const { endpointName, modelPackageArn, alarmPeriodSeconds: periodInSeconds } = request;
  const copies = await copyVersion(session, request, modelVersion, number);
  await registered.createModel({ role: request.role, name: modelVersion, reuseExisting: true });
  const alarms = await putRollbackAlarms(cloudwatch, { endpointName, variantName: modelVersion, periodInSeconds });
  try {
    await serve(session, request, modelVersion, alarms);
  } catch (error) {
    if (error instanceof UnexpectedStatusError) {
      await registered.setApproval("Rejected", { description: toOneLine(error.message) });
    }
    throw error;
  }
  return { endpointName, modelVersion, modelPackageArn, alarms, ...copies };
}
