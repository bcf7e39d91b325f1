import type {
  CreateEndpointInput,
  CreateEndpointOutput,
  DeleteEndpointInput,
  DescribeEndpointInput,
  DescribeEndpointOutput,
  EndpointStatus,
  ListEndpointsInput,
  ListEndpointsOutput,
} from "@aws-sdk/client-sagemaker";
import type { Resources, Sql } from "@rondo/store";
import type { Caller, Constraints } from "@rondo/wire";
import type { EndpointBody } from "./endpoint-body.ts";
import { ENTITY_NAME_PATTERN } from "./endpoint-config.ts";
import { checkDeploymentConfig } from "./endpoint-deployment-config.ts";
import { describe } from "./endpoint-description.ts";
import { listPage } from "./list-query.ts";
import { insertNamed, requireNamed, resourceType } from "./named-resource.ts";
import { resolveDeployment } from "./resolve-deployment.ts";

export interface EndpointDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** CreateEndpoint, DescribeEndpoint, ListEndpoints and DeleteEndpoint: they write down what is wanted; endpoint-kind.ts brings it about. */
export function createEndpointOperations(dependencies: EndpointDependencies) {
  const { resources, clock } = dependencies;

  async function createEndpoint(input: CreateEndpointInput, caller: Caller): Promise<CreateEndpointOutput> {
    const target = await resolveDeployment(resources, caller, input.EndpointConfigName ?? "");
    await checkDeploymentConfig(resources, caller, input.DeploymentConfig, target);
    const body: EndpointBody = {
      target,
      targetSince: clock.now().toISOString(),
      lastDeploymentConfig: input.DeploymentConfig,
    };
    const endpoint = await insertNamed(dependencies, caller, {
      type: "endpoint",
      name: input.EndpointName ?? "",
      status: "Creating",
      body,
      due: "now",
      tags: input.Tags,
    });
    return { EndpointArn: endpoint.arn };
  }

  async function describeEndpoint(input: DescribeEndpointInput, caller: Caller): Promise<DescribeEndpointOutput> {
    const name = input.EndpointName ?? "";
    return describe(await requireNamed<EndpointBody>(resources, caller, { type: "endpoint", name }));
  }

  async function listEndpoints(input: ListEndpointsInput, caller: Caller): Promise<ListEndpointsOutput> {
    const page = await listPage<EndpointBody>(resources, caller, resourceType("endpoint"), input);
    return {
      Endpoints: page.resources.map((endpoint) => ({
        EndpointName: endpoint.name,
        EndpointArn: endpoint.arn,
        EndpointStatus: endpoint.status as EndpointStatus,
        CreationTime: endpoint.createdAt,
        LastModifiedTime: endpoint.updatedAt,
      })),
      NextToken: page.nextToken,
    };
  }

  async function deleteEndpoint(input: DeleteEndpointInput, caller: Caller): Promise<void> {
    await dependencies.sql.transaction(async (transaction) => {
      const name = input.EndpointName ?? "";
      const endpoint = await requireNamed<EndpointBody>(resources, caller, { type: "endpoint", name }, transaction);
      if (endpoint.status === "Deleting") return;
      await resources.update(endpoint, { status: "Deleting", due: "now" }, transaction);
    });
  }

  return {
    createEndpoint,
    describeEndpoint,
    listEndpoints,
    deleteEndpoint,
  };
}

export const endpointConstraints: Constraints = {
  "CreateEndpointInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "CreateEndpointInput.EndpointConfigName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "CreateEndpointInput.Tags": { max: 50 },
  "DescribeEndpointInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "DeleteEndpointInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "ListEndpointsInput.NameContains": { max: 63, pattern: "[a-zA-Z0-9-]+" },
  "ListEndpointsInput.MaxResults": { min: 1, max: 100 },
  "ListEndpointsInput.NextToken": { max: 8192, pattern: ".*" },
};
