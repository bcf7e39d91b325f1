import { randomUUID } from "node:crypto";
import type { ContainerDefinition, ProductionVariant, VariantProperty } from "@aws-sdk/client-sagemaker";
import type { ContainerSpecification, DeployedVariant, Deployment } from "@rondo/serve";
import type { Owner, Resources } from "@rondo/store";
import type { EndpointConfigBody } from "./endpoint-config.ts";
import { type ModelBody, resolveContainers } from "./model-containers.ts";
import { requireNamed } from "./named-resource.ts";

/** Resolves a configuration and its models as they are now. Throws ValidationException for what is missing and for model packages that are not approved. */
export async function resolveDeployment(
  resources: Resources,
  owner: Owner,
  endpointConfigName: string,
): Promise<Deployment> {
  const config = await requireNamed<EndpointConfigBody>(resources, owner, {
    type: "endpoint-config",
    name: endpointConfigName,
  });
  const variants: DeployedVariant[] = [];
  for (const variant of config.body.ProductionVariants ?? []) {
    const name = variant.ModelName ?? "";
    const model = await requireNamed<ModelBody>(resources, owner, { type: "model", name });
    variants.push(deployedVariant(variant, await resolveContainers(resources, owner, model.body)));
  }
  return { id: randomUUID(), endpointConfigName, variants };
}

/** RetainAllVariantProperties of UpdateEndpoint: weights and instance counts go on as they are, except those that are excluded. */
export function retainVariantProperties(
  wanted: Deployment,
  current: Deployment,
  excluded: readonly VariantProperty[],
): Deployment {
  const isExcluded = (property: string) => excluded.some(({ VariantPropertyType }) => VariantPropertyType === property);
  const variants = wanted.variants.map((variant) => {
    const before = current.variants.find(({ name }) => name === variant.name);
    if (before === undefined) return variant;
    return {
      ...variant,
      weight: isExcluded("DesiredWeight") ? variant.weight : before.weight,
      instanceCount: isExcluded("DesiredInstanceCount") ? variant.instanceCount : before.instanceCount,
    };
  });
  return { ...wanted, variants };
}

function deployedVariant(variant: ProductionVariant, containers: readonly ContainerDefinition[]): DeployedVariant {
  return {
    name: variant.VariantName ?? "",
    modelName: variant.ModelName ?? "",
    weight: variant.InitialVariantWeight ?? 1,
    instanceCount: variant.InitialInstanceCount ?? 1,
    serverlessConfig: variant.ServerlessConfig,
    containers: containers.map(containerSpecification),
  };
}

function containerSpecification(container: ContainerDefinition): ContainerSpecification {
  return {
    image: container.Image ?? "",
    modelDataUrl: container.ModelDataUrl ?? container.ModelDataSource?.S3DataSource?.S3Uri,
    environment: container.Environment ?? {},
    mode: container.Mode,
  };
}
