import { deletePages, type ExpiryOptions } from "../delete-pages.ts";
import type { Sql } from "../sql.ts";
import { addPoints, type MetricPoint } from "./metric-points.ts";

const pageSize = 500;
const daySeconds = 86_400;

/** CloudWatch's: seconds for 3 hours, minutes for 15 days, five minutes for 63 days, hours for 455 days ("Metrics retention" in its guide). */
const rollUps = [
  { resolution: 1, ageSeconds: 3 * 3600, into: 60 },
  { resolution: 60, ageSeconds: 15 * daySeconds, into: 300 },
  { resolution: 300, ageSeconds: 63 * daySeconds, into: 3600 },
  { resolution: 3600, ageSeconds: 455 * daySeconds, into: undefined },
] as const;

/**
 * Rolls old points up into longer periods, deletes those of more than 455 days and the series that have none left; returns the number of rows
 * that went. A page is a transaction, so an interruption loses nothing. Run by the maintenance.
 */
export async function deleteExpiredMetrics({ sql, now, signal }: ExpiryOptions): Promise<number> {
  const seconds = Math.floor(now.getTime() / 1000);
  let gone = 0;
  for (const { resolution, ageSeconds, into } of rollUps) {
    // Whole periods only, so that a period of the longer resolution is complete when it appears.
    const unit = into ?? resolution;
    const before = Math.floor((seconds - ageSeconds) / unit) * unit;
    gone += await deletePages({ pageSize, signal }, () => takePage(sql, { resolution, into, before }));
  }
  await deleteEmptySeries(sql, new Date(now.getTime() - 15 * daySeconds * 1000), signal);
  return gone;
}

interface RollUp {
  readonly resolution: number;
  readonly into: number | undefined;
  readonly before: number;
}

async function takePage(sql: Sql, { resolution, into, before }: RollUp): Promise<number> {
  return await sql.transaction(async (transaction) => {
    const points = await transaction.query<MetricPoint>(
      `DELETE FROM metric_point p USING (
         SELECT series_id, start, resolution, unit FROM metric_point WHERE resolution = $1 AND start < $2
         ORDER BY start, series_id, unit LIMIT ${pageSize} FOR UPDATE SKIP LOCKED
       ) old
       WHERE p.series_id = old.series_id AND p.start = old.start AND p.resolution = old.resolution AND p.unit = old.unit
       RETURNING p.series_id AS "seriesId", p.start, p.unit, p.sample_count AS "sampleCount", p.sum, p.minimum, p.maximum, p.sketch`,
      [resolution, before],
    );
    if (into !== undefined && points.length > 0)
      await addPoints(
        transaction,
        points.map((point) => ({ ...point, resolution: into, start: Math.floor(point.start / into) * into })),
      );
    return points.length;
  });
}

async function deleteEmptySeries(sql: Sql, before: Date, signal?: AbortSignal): Promise<void> {
  await deletePages({ pageSize, signal }, async () => {
    const rows = await sql.query(
      `DELETE FROM metric_series WHERE id IN (
         SELECT id FROM metric_series s
         WHERE last_put_at < $1 AND NOT EXISTS (SELECT FROM metric_point p WHERE p.series_id = s.id)
         LIMIT ${pageSize} FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [before],
    );
    return rows.length;
  });
}
