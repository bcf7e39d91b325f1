import type { SqlConnection } from "../sql.ts";
import { mergeSketches, type Sketch } from "./sketch.ts";

/** A row: everything that was put to one series in one period with one unit. */
export interface MetricPoint {
  readonly seriesId: number;
  readonly resolution: number;
  /** Seconds since 1970, a multiple of resolution. */
  readonly start: number;
  readonly unit: string;
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sketch: Sketch;
}

/** One point for each key, whatever number came in: sums add up, extremes widen, sketches merge. */
export function joinPoints(points: Iterable<MetricPoint>): MetricPoint[] {
  const joined = new Map<string, MetricPoint>();
  for (const point of points) {
    const key = keyOf(point);
    const known = joined.get(key);
    joined.set(key, known === undefined ? point : { ...point, ...added(known, point) });
  }
  return [...joined.values()];
}

function added(left: MetricPoint, right: MetricPoint) {
  return {
    sampleCount: left.sampleCount + right.sampleCount,
    sum: left.sum + right.sum,
    minimum: Math.min(left.minimum, right.minimum),
    maximum: Math.max(left.maximum, right.maximum),
    sketch: mergeSketches(left.sketch, right.sketch),
  };
}

/**
 * Adds points to the rows that are there. Needs a transaction: the first statement locks the rows (in the order of their keys, so that
 * two writers never wait for each other) and the second one writes the sketches, which only the program can merge.
 */
export async function addPoints(transaction: SqlConnection, points: readonly MetricPoint[]): Promise<void> {
  const byKey = new Map(joinPoints(points).map((point) => [keyOf(point), point]));
  const rows = await transaction.query<MetricPoint & { inserted: boolean }>(
    `INSERT INTO metric_point AS p (series_id, resolution, start, unit, sample_count, sum, minimum, maximum, sketch)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::text[]::jsonb[])
       AS point (series_id, resolution, start, unit, sample_count, sum, minimum, maximum, sketch)
     ORDER BY series_id, start, resolution, unit
     ON CONFLICT (series_id, start, resolution, unit) DO UPDATE
       SET sample_count = p.sample_count + excluded.sample_count, sum = p.sum + excluded.sum,
           minimum = least(p.minimum, excluded.minimum), maximum = greatest(p.maximum, excluded.maximum)
     RETURNING series_id AS "seriesId", resolution, start, unit, sketch, xmax = 0 AS inserted`,
    columnsOf([...byKey.values()]),
    { name: "add-metric-points" },
  );
  const merged: MetricPoint[] = [];
  for (const row of rows) {
    const point = byKey.get(keyOf(row));
    if (row.inserted || point === undefined || point.sketch.values.length === 0) continue;
    merged.push({ ...point, sketch: mergeSketches(row.sketch, point.sketch) });
  }
  if (merged.length > 0) await writeSketches(transaction, merged);
}

async function writeSketches(transaction: SqlConnection, points: readonly MetricPoint[]): Promise<void> {
  const [seriesIds, resolutions, starts, units] = columnsOf(points);
  await transaction.query(
    `UPDATE metric_point p SET sketch = merged.sketch::jsonb
     FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::text[], $5::text[]) AS merged (series_id, resolution, start, unit, sketch)
     WHERE p.series_id = merged.series_id AND p.resolution = merged.resolution AND p.start = merged.start AND p.unit = merged.unit`,
    [seriesIds, resolutions, starts, units, points.map(({ sketch }) => JSON.stringify(sketch))],
    { name: "write-metric-sketches" },
  );
}

function columnsOf(points: readonly MetricPoint[]) {
  return [
    points.map((point) => point.seriesId),
    points.map((point) => point.resolution),
    points.map((point) => point.start),
    points.map((point) => point.unit),
    points.map((point) => point.sampleCount),
    points.map((point) => point.sum),
    points.map((point) => point.minimum),
    points.map((point) => point.maximum),
    points.map((point) => JSON.stringify(point.sketch)),
  ];
}

function keyOf({
  seriesId,
  resolution,
  start,
  unit,
}: Pick<MetricPoint, "seriesId" | "resolution" | "start" | "unit">): string {
  return `${seriesId} ${resolution} ${start} ${unit}`;
}
