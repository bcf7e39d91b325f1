import type {
  DescribeEndpointOutput,
  EndpointStatus,
  PendingProductionVariantSummary,
  ProductionVariantServerlessConfig,
  ProductionVariantStatus,
  ProductionVariantSummary,
} from "@aws-sdk/client-sagemaker";
import type { DeployedVariant } from "@rondo/serve";
import type { Resource } from "@rondo/store";
import type { EndpointBody } from "./endpoint-body.ts";

/** DescribeEndpoint's answer. */
export function describe(endpoint: Resource<EndpointBody>): DescribeEndpointOutput {
  const { deployed, deployedAt, target, targetSince, failureReason, lastDeploymentConfig } = endpoint.body;
  const answer: DescribeEndpointOutput = {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: (deployed ?? target)?.endpointConfigName,
    EndpointStatus: endpoint.status as EndpointStatus,
    FailureReason: failureReason,
    CreationTime: endpoint.createdAt,
    LastModifiedTime: endpoint.updatedAt,
    LastDeploymentConfig: lastDeploymentConfig,
  };
  if (deployed !== undefined) {
    // A change of weights is a target with the same models; only then do current and desired differ.
    const desired = target?.id === deployed.id ? target : deployed;
    answer.ProductionVariants = deployed.variants.map((variant, index) =>
      variantSummary(variant, desired.variants[index] ?? variant, deployedAt),
    );
  }
  if (target !== undefined && target.id !== deployed?.id) {
    answer.PendingDeploymentSummary = {
      EndpointConfigName: target.endpointConfigName,
      ProductionVariants: target.variants.map((variant) => pendingSummary(variant, endpoint.body)),
      StartTime: targetSince === undefined ? undefined : new Date(targetSince),
    };
  }
  return answer;
}

function variantSummary(
  current: DeployedVariant,
  desired: DeployedVariant,
  deployedAt: string | undefined,
): ProductionVariantSummary {
  return {
    VariantName: current.name,
    DeployedImages: deployedImages(current, deployedAt),
    CurrentWeight: current.weight,
    DesiredWeight: desired.weight,
    ...(current.serverlessConfig === undefined
      ? { CurrentInstanceCount: current.instanceCount, DesiredInstanceCount: desired.instanceCount }
      : {
          CurrentServerlessConfig: current.serverlessConfig as ProductionVariantServerlessConfig,
          DesiredServerlessConfig: desired.serverlessConfig as ProductionVariantServerlessConfig,
        }),
  };
}

function pendingSummary(variant: DeployedVariant, body: EndpointBody): PendingProductionVariantSummary {
  const isLoaded = body.rollout !== undefined;
  return {
    VariantName: variant.name,
    DeployedImages: deployedImages(variant, undefined),
    VariantStatus: [variantStatus(body)],
    CurrentWeight: isLoaded ? variant.weight : undefined,
    CurrentInstanceCount: isLoaded && variant.serverlessConfig === undefined ? variant.instanceCount : undefined,
    DesiredWeight: variant.weight,
    DesiredInstanceCount: variant.serverlessConfig === undefined ? variant.instanceCount : undefined,
    DesiredServerlessConfig: variant.serverlessConfig as ProductionVariantServerlessConfig | undefined,
  };
}

/** Of a fleet that comes in: it is loaded, gets traffic, and bakes while its alarms are watched. */
function variantStatus({ rollout, targetSince, targetShare = 0 }: EndpointBody): ProductionVariantStatus {
  if (rollout === undefined) {
    return { Status: "Creating", StartTime: targetSince === undefined ? undefined : new Date(targetSince) };
  }
  return {
    Status: rollout.status,
    StatusMessage: `${Math.round(targetShare * 100)} percent of the requests go to this fleet.`,
    StartTime: new Date(rollout.since),
  };
}

/** No registry resolves a built-in image to a digest: what was asked for is what runs. */
function deployedImages(variant: DeployedVariant, deployedAt: string | undefined) {
  return variant.containers.map(({ image }) => ({
    SpecifiedImage: image,
    ResolvedImage: image,
    ResolutionTime: deployedAt === undefined ? undefined : new Date(deployedAt),
  }));
}
