import { createHash } from "node:crypto";
import type { Owner } from "../resources.ts";
import type { SqlConnection } from "../sql.ts";

export interface MetricRef extends Owner {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MetricSeries {
  readonly id: number;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MetricSeriesQuery extends Owner {
  readonly namespace?: string;
  readonly name?: string;
  /** The series has these dimensions, among others; without a value whatever theirs is. */
  readonly dimensions: readonly { readonly name: string; readonly value?: string }[];
  /** Only series that data has arrived for since. */
  readonly activeSince: Date;
  /** Series strictly after this one in the order (namespace, name, dimensions' hash). */
  readonly after?: MetricSeriesCursor;
  readonly limit: number;
}

export interface MetricSeriesCursor {
  readonly namespace: string;
  readonly name: string;
  readonly dimensionsHash: string;
}

/** The key of a set of dimensions, whatever their order. */
export function hashDimensions(dimensions: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}

/**
 * The ids of series by `name hash`, making those that are new. Rows are locked against deletion until the transaction ends.
 */
export async function requireSeries(
  transaction: SqlConnection,
  metrics: readonly MetricRef[],
  now: Date,
): Promise<(metric: MetricRef) => number> {
  const [first] = metrics;
  if (first === undefined) throw new Error("requireSeries needs at least one metric.");
  const distinct = new Map(
    metrics.map((metric) => [seriesKey(metric.name, hashDimensions(metric.dimensions)), metric]),
  );
  const found = new Map<string, number>();
  const owner = [first.accountId, first.region, first.namespace];
  const keys = [...distinct.values()].map(({ name, dimensions }) => ({
    name,
    dimensions,
    hash: hashDimensions(dimensions),
  }));
  const select = async () => {
    const rows = await transaction.query<{ id: number; name: string; hash: string; stale: boolean }>(
      `SELECT s.id, s.name, s.dimensions_hash AS hash, s.last_put_at < $6::timestamptz - interval '5 minutes' AS stale
       FROM metric_series s JOIN unnest($4::text[], $5::text[]) AS wanted (name, hash) ON s.name = wanted.name AND s.dimensions_hash = wanted.hash
       WHERE s.account_id = $1 AND s.region = $2 AND s.namespace = $3
       FOR KEY SHARE OF s`,
      [...owner, keys.map(({ name }) => name), keys.map(({ hash }) => hash), now],
      { name: "find-metric-series" },
    );
    for (const row of rows) found.set(seriesKey(row.name, row.hash), row.id);
    return rows.length === keys.length && rows.every(({ stale }) => !stale);
  };
  if (!(await select())) {
    await transaction.query(
      `INSERT INTO metric_series AS s (account_id, region, namespace, name, dimensions, dimensions_hash, last_put_at)
       SELECT $1, $2, $3, name, dimensions::jsonb, hash, $7 FROM unnest($4::text[], $5::text[], $6::text[]) AS wanted (name, hash, dimensions)
       ORDER BY name COLLATE "C", hash COLLATE "C"
       ON CONFLICT (account_id, region, namespace, name, dimensions_hash) DO UPDATE SET last_put_at = excluded.last_put_at
         WHERE s.last_put_at < excluded.last_put_at`,
      [
        ...owner,
        keys.map(({ name }) => name),
        keys.map(({ hash }) => hash),
        keys.map(({ dimensions }) => JSON.stringify(dimensions)),
        now,
      ],
    );
    await select();
  }
  return ({ name, dimensions }) => {
    const id = found.get(seriesKey(name, hashDimensions(dimensions)));
    if (id === undefined) throw new Error(`The series of metric ${name} was made and is not there.`);
    return id;
  };
}

/** Undefined when nothing was ever put with exactly these dimensions. */
export async function findSeries(sql: SqlConnection, metric: MetricRef): Promise<number | undefined> {
  const [row] = await sql.query<{ id: number }>(
    `SELECT id FROM metric_series WHERE account_id = $1 AND region = $2 AND namespace = $3 AND name = $4 AND dimensions_hash = $5`,
    [metric.accountId, metric.region, metric.namespace, metric.name, hashDimensions(metric.dimensions)],
  );
  return row?.id;
}

/** A page of series in the order (namespace, name, dimensions' hash). */
export async function listSeries(sql: SqlConnection, query: MetricSeriesQuery): Promise<MetricSeries[]> {
  const exact = query.dimensions.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  const { namespace = "", name = "", dimensionsHash = "" } = query.after ?? {};
  return await sql.query<MetricSeries>(
    `SELECT id, namespace, name, dimensions FROM metric_series
     WHERE account_id = $1 AND region = $2 AND namespace = coalesce($3::text, namespace) AND name = coalesce($4::text, name)
       AND dimensions @> $5::jsonb AND dimensions ?& $6::text[] AND last_put_at >= $7
       AND (namespace, name, dimensions_hash) > ($8, $9, $10)
     ORDER BY namespace, name, dimensions_hash LIMIT $11`,
    [
      query.accountId,
      query.region,
      query.namespace ?? null,
      query.name ?? null,
      JSON.stringify(Object.fromEntries(exact)),
      query.dimensions.map((dimension) => dimension.name),
      query.activeSince,
      namespace,
      name,
      dimensionsHash,
      query.limit,
    ],
  );
}

function seriesKey(name: string, hash: string): string {
  return `${hash} ${name}`;
}
