import type {
  ListMetricAttributionMetricsRequest,
  ListMetricAttributionMetricsResponse,
  MetricAttribute,
  UpdateMetricAttributionRequest,
  UpdateMetricAttributionResponse,
} from "@aws-sdk/client-personalize";
import type { DatasetSchema } from "@rondo/personalize";
import type { Owner, Resources } from "@rondo/store";
import { type AwsError, awsError, type Caller } from "@rondo/wire";
import { parseMetricAttribute } from "./attributed-metrics.ts";
import { listDatasetsOf } from "./dataset-body.ts";
import { readPosition, writePosition } from "./list-position.ts";
import type { MetricAttribution, MetricAttributionBody } from "./metric-attribution-body.ts";
import { type PersonalizeStore, requirePersonalize } from "./personalize-resource.ts";

/** Of a metric attribution, as AWS allows. */
const MAX_METRICS = 10;
const NUMBERS: readonly string[] = ["int", "long", "float", "double"];

/** ListMetricAttributionMetrics and UpdateMetricAttribution. */
export function createMetricAttributionMetricOperations({ sql, resources }: PersonalizeStore) {
  const find = (caller: Caller, arn: string | undefined) =>
    requirePersonalize<MetricAttributionBody>(resources, caller, { type: "metric-attribution", arn });

  async function listMetricAttributionMetrics(
    input: ListMetricAttributionMetricsRequest,
    caller: Caller,
  ): Promise<ListMetricAttributionMetricsResponse> {
    const { metrics } = (await find(caller, input.metricAttributionArn)).body;
    const { maxResults = MAX_METRICS, nextToken } = input;
    const start = readPosition(nextToken);
    const page = metrics.slice(start, start + maxResults);
    return { metrics: page, nextToken: writePosition(start + page.length, metrics.length) };
  }

  async function updateMetricAttribution(
    input: UpdateMetricAttributionRequest,
    caller: Caller,
  ): Promise<UpdateMetricAttributionResponse> {
    const ref = { type: "metric-attribution", arn: input.metricAttributionArn } as const;
    await checkMetrics(resources, caller, updatedBody(await find(caller, ref.arn), input));
    await sql.transaction(async (transaction) => {
      // Read again: counting writes the row every minute.
      const attribution = await requirePersonalize<MetricAttributionBody>(resources, caller, ref, transaction);
      await resources.update(attribution, { body: updatedBody(attribution, input) }, transaction);
    });
    return { metricAttributionArn: input.metricAttributionArn };
  }

  return { listMetricAttributionMetrics, updateMetricAttribution };
}

/**
 * Throws InvalidInputException for metrics of the same name, and for columns of sums that the group's datasets do not have or that are no numbers; LimitExceededException
 * for too many. https://docs.aws.amazon.com/personalize/latest/dg/metric-attribution-requirements.html
 */
export async function checkMetrics(
  resources: Pick<Resources, "list">,
  owner: Owner,
  { datasetGroupArn, metrics }: Pick<MetricAttributionBody, "datasetGroupArn" | "metrics">,
): Promise<void> {
  if (metrics.length > MAX_METRICS) {
    throw awsError("LimitExceededException", `A metric attribution has at most ${MAX_METRICS} metrics.`);
  }
  const names = metrics.map(({ metricName }) => metricName);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(`There are two metrics with the name ${repeated}.`);
  const datasets = await listDatasetsOf(resources, owner, datasetGroupArn);
  for (const metric of metrics)
    checkColumn(
      metric,
      datasets.map(({ body }) => body.schema),
    );
}

function checkColumn(metric: MetricAttribute, schemas: readonly DatasetSchema[]): void {
  const { expression } = metric;
  const { column } = parseMetricAttribute(metric);
  if (column === undefined) return;
  const fields = schemas.find(({ type }) => type === column.dataset)?.fields ?? [];
  const field = fields.find(({ name }) => name.toUpperCase() === column.name);
  if (field === undefined)
    throw invalid(`The expression ${expression} names a column that the dataset group does not have.`);
  if (NUMBERS.includes(field.type)) return;
  throw invalid(`The expression ${expression} sums ${field.name}, which is a ${field.type} and not a number.`);
}

function updatedBody({ arn, body }: MetricAttribution, input: UpdateMetricAttributionRequest): MetricAttributionBody {
  const { addMetrics = [], removeMetrics = [], metricsOutputConfig = body.metricsOutputConfig } = input;
  const names = body.metrics.map(({ metricName }) => metricName);
  const unknown = removeMetrics.find((name) => !names.includes(name));
  if (unknown !== undefined) throw awsError("InvalidInputException", `${arn} has no metric ${unknown} to remove.`);
  const kept = body.metrics.filter(({ metricName = "" }) => !removeMetrics.includes(metricName));
  return { ...body, metrics: [...kept, ...addMetrics], metricsOutputConfig };
}

function invalid(message: string): AwsError {
  return awsError("InvalidInputException", message);
}
