import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricDataQuery,
  MetricDataResult,
  MetricStat,
} from "@aws-sdk/client-cloudwatch";
import type { Metrics, Owner } from "@rondo/store";
import { awsError, type Constraints } from "@rondo/wire";
import { writePageToken } from "../page-token.ts";
import { readRange } from "./get-metric-statistics.ts";
import { invalidExpression } from "./invalid-expression.ts";
import { invalidValue } from "./invalid-value.ts";
import { type MathContext, type MathValue, parseMetricExpression, type TimeSeries } from "./metric-expression.ts";
import { readNextToken } from "./next-token.ts";
import { readDimensions } from "./put-metric-data.ts";
import { checkPeriod, parseStatistic } from "./statistic.ts";

export const getMetricDataConstraints: Constraints = {
  "MetricDataQuery.Id": { min: 1, max: 255 },
  "MetricDataQuery.Expression": { min: 1, max: 2048 },
  "MetricStat.Period": { min: 1 },
  "Metric.MetricName": { min: 1, max: 255 },
  "Metric.Namespace": { min: 1, max: 255 },
};

const maxQueries = 500;
const maxDatapoints = 100_800;

interface Place {
  readonly query: number;
  readonly offset: number;
}

/** GetMetricData: MetricStat queries and a subset of metric math. Periods are aligned to the clock; units of a metric are thrown together. */
export function createGetMetricData({ metrics }: { readonly metrics: Metrics }) {
  return async function getMetricData(input: GetMetricDataInput, caller: Owner): Promise<GetMetricDataOutput> {
    const queries = checkQueries(input.MetricDataQueries ?? []);
    const limit = Math.min(input.MaxDatapoints ?? maxDatapoints, maxDatapoints);
    if (limit < 1) throw invalidValue("The parameter MaxDatapoints must be at least 1.");
    const evaluation = createEvaluation({ metrics, caller, queries, input });
    const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
    let place: Place | undefined = readNextToken(input.NextToken, isPlace) ?? { query: 0, offset: 0 };
    let left = limit;
    const results: MetricDataResult[] = [];
    while (place !== undefined) {
      const query: MetricDataQuery | undefined = returned[place.query];
      if (query === undefined) place = undefined;
      else if (left === 0) break;
      else {
        const points: [number, number][] = [...(await evaluation.series(query.Id ?? ""))];
        if (input.ScanBy !== "TimestampAscending") points.reverse();
        const page = points.slice(place.offset, place.offset + left);
        left -= page.length;
        const end: number = place.offset + page.length;
        results.push(resultOf(query, page, end === points.length));
        place = end === points.length ? { query: place.query + 1, offset: 0 } : { ...place, offset: end };
      }
    }
    return { MetricDataResults: results, Messages: [], NextToken: place && writePageToken(place) };
  };
}

function resultOf(
  query: MetricDataQuery,
  points: readonly (readonly [number, number])[],
  complete: boolean,
): MetricDataResult {
  return {
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
    Timestamps: points.map(([start]) => new Date(start * 1000)),
    Values: points.map(([, value]) => value),
    StatusCode: complete ? "Complete" : "PartialData",
  };
}

function checkQueries(queries: readonly MetricDataQuery[]): readonly MetricDataQuery[] {
  if (queries.length === 0 || queries.length > maxQueries)
    throw awsError("ValidationError", `MetricDataQueries must have between 1 and ${maxQueries} elements.`);
  const ids = new Set<string>();
  for (const { Id = "", MetricStat: stat, Expression: expression } of queries) {
    if (!/^[a-z]\w*$/.test(Id))
      throw awsError(
        "ValidationError",
        `The value ${Id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    if (ids.has(Id))
      throw awsError("ValidationError", `The values for parameter id in MetricDataQueries are not unique: ${Id}.`);
    if ((stat === undefined) === (expression === undefined))
      throw awsError("ValidationError", `Exactly one of MetricStat and Expression must be specified for ${Id}.`);
    ids.add(Id);
  }
  return queries;
}

interface Evaluation {
  readonly metrics: Metrics;
  readonly caller: Owner;
  readonly queries: readonly MetricDataQuery[];
  readonly input: GetMetricDataInput;
}

/** Each query is evaluated once, when it is first asked for. */
function createEvaluation({ metrics, caller, queries, input }: Evaluation): MathContext {
  const byId = new Map(queries.map((query) => [query.Id ?? "", query]));
  const known = new Map<string, Promise<TimeSeries>>();

  async function evaluate(query: MetricDataQuery, path: readonly string[]): Promise<TimeSeries> {
    if (query.MetricStat !== undefined) return readStat({ metrics, caller, input, stat: query.MetricStat });
    const { Id = "", Expression = "" } = query;
    if (path.includes(Id)) throw invalidExpression(Expression, "it refers to itself");
    const value: MathValue = await parseMetricExpression(Expression)(contextOf([...path, Id]));
    if (value instanceof Map) return value;
    throw invalidExpression(Expression, "it must yield one time series");
  }

  function contextOf(path: readonly string[]): MathContext {
    const series = (id: string): Promise<TimeSeries> => {
      const query = byId.get(id);
      if (query === undefined) throw awsError("ValidationError", `There is no query with the id ${id}.`);
      // A query on the way to itself waits for its own result: it is evaluated anew, which finds the circle.
      const evaluated = path.includes(id) ? undefined : known.get(id);
      const result = evaluated ?? evaluate(query, path);
      known.set(id, result);
      return result;
    };
    return {
      series,
      metrics: (containing = "") =>
        Promise.all(
          queries
            .filter(({ Id = "", MetricStat: stat }) => stat !== undefined && Id.includes(containing))
            .map(({ Id = "" }) => series(Id)),
        ),
    };
  }

  return contextOf([]);
}

async function readStat({
  metrics,
  caller,
  input,
  stat,
}: Omit<Evaluation, "queries"> & { readonly stat: MetricStat }): Promise<TimeSeries> {
  const { Metric: metric, Period: period = 0, Stat = "", Unit: unit } = stat;
  checkPeriod(period);
  const statistic = parseStatistic(Stat);
  const { from, to } = readRange(input, Math.min(period, 60));
  const seriesId = await metrics.findSeries({
    accountId: caller.accountId,
    region: caller.region,
    namespace: metric?.Namespace ?? "",
    name: metric?.MetricName ?? "",
    dimensions: readDimensions(metric?.Dimensions, "MetricStat.Metric"),
  });
  if (seriesId === undefined) return new Map();
  const rows = await metrics.readStatistics({
    seriesId,
    unit,
    from,
    to,
    period,
    origin: 0,
    separateUnits: false,
    percentiles: statistic.percent === undefined ? [] : [statistic.percent],
    limit: maxDatapoints + 1,
  });
  if (rows.length > maxDatapoints)
    throw awsError(
      "ValidationError",
      `A query yields more than ${maxDatapoints} data points: take a longer Period or a shorter time range.`,
    );
  return new Map(
    rows.flatMap((row) => {
      const value = statistic.read(row);
      return value === undefined ? [] : [[row.start, value] as const];
    }),
  );
}

function isPlace(value: Partial<Place>): value is Place {
  return [value.query, value.offset].every((part) => Number.isSafeInteger(part) && Number(part) >= 0);
}
