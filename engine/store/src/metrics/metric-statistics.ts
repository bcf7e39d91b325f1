import type { SqlConnection } from "../sql.ts";
import { emptySketch, mergeSketches, percentile, type Sketch, sketchCount } from "./sketch.ts";

export interface StatisticsQuery {
  readonly seriesId: number;
  /** Only data that was put with this unit. */
  readonly unit?: string;
  /** Seconds since 1970; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Seconds of one period; periods begin at `origin` (≤ from) and its multiples. */
  readonly period: number;
  readonly origin: number;
  /** A period for each unit; otherwise units are thrown together. */
  readonly separateUnits: boolean;
  /** 0 to 100. */
  readonly percentiles: readonly number[];
  readonly limit: number;
}

export interface PeriodStatistics {
  /** Seconds since 1970 at which the period begins. */
  readonly start: number;
  readonly unit: string;
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** As asked for; missing where data came as aggregates only, which have no percentiles. */
  readonly percentiles: ReadonlyMap<number, number>;
}

const sketchesPerPage = 500;

/** Statistics for each period that has data, in the order of time. */
export async function readStatistics(sql: SqlConnection, query: StatisticsQuery): Promise<PeriodStatistics[]> {
  const rows = await sql.query<Omit<PeriodStatistics, "percentiles">>(
    `SELECT (start - $5::bigint) / $6::bigint * $6::bigint + $5::bigint AS start, CASE WHEN $7::boolean THEN unit ELSE '' END AS unit,
       sum(sample_count) AS "sampleCount", sum(sum) AS sum, min(minimum) AS minimum, max(maximum) AS maximum
     FROM metric_point
     WHERE series_id = $1 AND start >= $2 AND start < $3 AND unit = coalesce($4::text, unit)
     GROUP BY 1, 2 ORDER BY 1, 2 LIMIT $8`,
    [
      query.seriesId,
      query.from,
      query.to,
      query.unit ?? null,
      query.origin,
      query.period,
      query.separateUnits,
      query.limit,
    ],
    { name: "read-metric-statistics" },
  );
  if (query.percentiles.length === 0) return rows.map((row) => ({ ...row, percentiles: new Map() }));
  const percentiles = await readPercentiles(sql, query);
  return rows.map((row) => ({ ...row, percentiles: percentiles.get(`${row.start} ${row.unit}`) ?? new Map() }));
}

interface SketchRow {
  readonly start: number;
  readonly resolution: number;
  readonly unit: string;
  readonly sampleCount: number;
  readonly sketch: Sketch;
}

/** By period and unit. Rows come in the order of time, so only the sketches of one period are in memory. */
async function readPercentiles(sql: SqlConnection, query: StatisticsQuery): Promise<Map<string, Map<number, number>>> {
  const results = new Map<string, Map<number, number>>();
  let open = new Map<string, { sketch: Sketch; sampleCount: number }>();
  let openStart = query.origin;
  const close = () => {
    for (const [unit, { sketch, sampleCount }] of open) {
      const found = percentilesOf(sketch, sampleCount, query.percentiles);
      if (found !== undefined) results.set(`${openStart} ${unit}`, found);
    }
    open = new Map();
  };
  for await (const row of sketchRows(sql, query)) {
    const start = Math.floor((row.start - query.origin) / query.period) * query.period + query.origin;
    if (start !== openStart) close();
    openStart = start;
    const unit = query.separateUnits ? row.unit : "";
    const known = open.get(unit) ?? { sketch: emptySketch, sampleCount: 0 };
    open.set(unit, {
      sketch: mergeSketches(known.sketch, row.sketch),
      sampleCount: known.sampleCount + row.sampleCount,
    });
  }
  close();
  return results;
}

function percentilesOf(
  sketch: Sketch,
  sampleCount: number,
  percents: readonly number[],
): Map<number, number> | undefined {
  // Counts are sums of doubles.
  if (Math.abs(sketchCount(sketch) - sampleCount) > sampleCount * 1e-9) return undefined;
  return new Map(
    percents.flatMap((percent) => {
      const value = percentile(sketch, percent);
      return value === undefined ? [] : [[percent, value] as const];
    }),
  );
}

async function* sketchRows(sql: SqlConnection, query: StatisticsQuery): AsyncGenerator<SketchRow> {
  let after: Pick<SketchRow, "start" | "resolution" | "unit"> = { start: query.from - 1, resolution: 0, unit: "" };
  while (true) {
    const rows = await sql.query<SketchRow>(
      `SELECT start, resolution, unit, sample_count AS "sampleCount", sketch FROM metric_point
       WHERE series_id = $1 AND start >= $2 AND start < $3 AND unit = coalesce($4::text, unit)
         AND (start, resolution, unit) > ($5::bigint, $6::integer, $7::text)
       ORDER BY start, resolution, unit LIMIT ${sketchesPerPage}`,
      [query.seriesId, query.from, query.to, query.unit ?? null, after.start, after.resolution, after.unit],
      { name: "read-metric-sketches" },
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < sketchesPerPage) return;
    after = last;
  }
}
