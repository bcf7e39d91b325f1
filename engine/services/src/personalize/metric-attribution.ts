import type {
  CreateMetricAttributionRequest,
  CreateMetricAttributionResponse,
  DeleteMetricAttributionRequest,
  DescribeMetricAttributionRequest,
  DescribeMetricAttributionResponse,
  ListMetricAttributionsRequest,
  ListMetricAttributionsResponse,
  MetricAttributionSummary,
} from "@aws-sdk/client-personalize";
import type { DatasetRecords } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { requireActiveGroup } from "./active-group.ts";
import type { MetricAttribution, MetricAttributionBody } from "./metric-attribution-body.ts";
import { checkMetrics } from "./metric-attribution-metrics.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  personalizeArn,
  requirePersonalize,
} from "./personalize-resource.ts";

export interface MetricAttributionDependencies extends PersonalizeStore {
  readonly datasetRecords: Pick<DatasetRecords, "newest">;
}

/** CreateMetricAttribution, DescribeMetricAttribution, ListMetricAttributions and DeleteMetricAttribution. */
export function createMetricAttributionOperations(dependencies: MetricAttributionDependencies) {
  const { resources, datasetRecords } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "metric-attribution", arn }) as const;
  const find = (caller: Caller, arn: string | undefined) =>
    requirePersonalize<MetricAttributionBody>(resources, caller, refTo(arn));

  async function createMetricAttribution(
    input: CreateMetricAttributionRequest,
    caller: Caller,
  ): Promise<CreateMetricAttributionResponse> {
    const { name = "", datasetGroupArn = "", metrics = [], metricsOutputConfig } = input;
    const group = await requireActiveGroup(resources, caller, datasetGroupArn);
    const bodyContains = { datasetGroupArn };
    const others = await listPersonalize(resources, caller, "metric-attribution", { bodyContains, maxResults: 1 });
    const [other] = others.resources;
    if (other !== undefined && other.name !== name) {
      throw awsError("LimitExceededException", `The dataset group has a metric attribution already: ${other.arn}.`);
    }
    const body: MetricAttributionBody = {
      datasetGroupArn,
      metrics,
      metricsOutputConfig: metricsOutputConfig ?? { roleArn: "" },
      countedUpTo: await datasetRecords.newest(group.id),
    };
    await checkMetrics(resources, caller, body);
    const attribution = { type: "metric-attribution", name, status: "CREATE PENDING", body, due: "now" } as const;
    await insertPersonalize(dependencies, caller, attribution);
    return { metricAttributionArn: personalizeArn(caller, "metric-attribution", name) };
  }

  async function describeMetricAttribution(
    input: DescribeMetricAttributionRequest,
    caller: Caller,
  ): Promise<DescribeMetricAttributionResponse> {
    const attribution = await find(caller, input.metricAttributionArn);
    const { datasetGroupArn, metricsOutputConfig } = attribution.body;
    return { metricAttribution: { ...summarize(attribution), datasetGroupArn, metricsOutputConfig } };
  }

  async function listMetricAttributions(
    input: ListMetricAttributionsRequest,
    caller: Caller,
  ): Promise<ListMetricAttributionsResponse> {
    const { datasetGroupArn } = input;
    const bodyContains = datasetGroupArn === undefined ? {} : { datasetGroupArn };
    const query = { ...input, bodyContains };
    const page = await listPersonalize<MetricAttributionBody>(resources, caller, "metric-attribution", query);
    return { metricAttributions: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function deleteMetricAttribution(input: DeleteMetricAttributionRequest, caller: Caller): Promise<void> {
    await resources.delete(await find(caller, input.metricAttributionArn));
  }

  return {
    createMetricAttribution,
    describeMetricAttribution,
    listMetricAttributions,
    deleteMetricAttribution,
  };
}

function summarize({ name, arn, status, createdAt, updatedAt }: MetricAttribution): MetricAttributionSummary {
  return { name, metricAttributionArn: arn, status, creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
}
