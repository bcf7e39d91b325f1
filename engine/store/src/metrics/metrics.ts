import type { Clock } from "../clock.ts";
import type { Sql, SqlConnection } from "../sql.ts";
import { addPoints, type MetricPoint } from "./metric-points.ts";
import {
  findSeries,
  listSeries,
  type MetricRef,
  type MetricSeries,
  type MetricSeriesQuery,
  requireSeries,
} from "./metric-series.ts";
import { type PeriodStatistics, readStatistics, type StatisticsQuery } from "./metric-statistics.ts";
import type { MetricDatum, MetricWriter } from "./metric-writer.ts";
import { emptySketch, mergeSketches, type Sketch } from "./sketch.ts";

/** All that CloudWatch needs of the store. */
export interface Metrics extends MetricWriter {
  /** Undefined when nothing was ever put with exactly these dimensions. */
  findSeries(metric: MetricRef): Promise<number | undefined>;
  listSeries(query: MetricSeriesQuery): Promise<MetricSeries[]>;
  /** For each period that has data, in the order of time. */
  readStatistics(query: StatisticsQuery): Promise<PeriodStatistics[]>;
}

/** The metrics of all accounts in SQL. */
export function createMetrics({ sql, clock }: { readonly sql: Sql; readonly clock: Clock }): Metrics {
  return {
    async put(owner, namespace, data, connection) {
      if (data.length === 0) return;
      const metrics = data.map(({ name, dimensions }) => ({ ...owner, namespace, name, dimensions }));
      const put = async (transaction: SqlConnection): Promise<void> => {
        const seriesOf = await requireSeries(transaction, metrics, clock.now());
        await addPoints(
          transaction,
          data.map((datum) => pointOf(datum, seriesOf({ ...owner, namespace, ...datum }))),
        );
      };
      await (connection === undefined ? sql.transaction(put) : put(connection));
    },
    findSeries: (metric) => findSeries(sql, metric),
    listSeries: (query) => listSeries(sql, query),
    readStatistics: (query) => readStatistics(sql, query),
  };
}

function pointOf(datum: MetricDatum, seriesId: number): MetricPoint {
  const { resolution = 60, unit, statistics } = datum;
  const seconds = datum.timestamp.getTime() / 1000;
  return {
    seriesId,
    resolution,
    start: Math.floor(seconds / resolution) * resolution,
    unit,
    ...statistics,
    sketch: sketchOf(datum),
  };
}

/** An aggregate whose extremes are equal is that value, many times: the one case in which CloudWatch knows an aggregate's percentiles. */
function sketchOf({ values, statistics: { minimum, maximum, sampleCount } }: MetricDatum): Sketch {
  const known = values ?? (minimum === maximum ? [{ value: minimum, count: sampleCount }] : []);
  return mergeSketches(emptySketch, { level: 0, values: known.map(({ value, count }) => [value, count] as const) });
}
