import type { DatabaseConnection } from "../database/database.ts";
import type { QuarantineReason } from "./inspect-line.ts";

/** A line that was put aside, as it is shown. */
export interface QuarantineRow {
  readonly quarantine_id: number;
  readonly order_id: string;
  readonly line_number: number;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly ordered_at: Date;
  readonly received_at: Date;
  /** As the company sent it. */
  readonly content: unknown;
}

export interface QuarantineQuery {
  readonly reason?: QuarantineReason | undefined;
  /** Rows older than this one: the last `quarantine_id` of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** A page of the quarantine, newest first. */
export function listQuarantine(
  database: DatabaseConnection,
  { reason, before, limit }: QuarantineQuery,
): Promise<QuarantineRow[]> {
  return database.query<QuarantineRow>(
    `select quarantine_id, order_id, line_number, reason, detail, ordered_at, received_at, content
     from recommendations.quarantine
     where ($1::text is null or reason = $1) and ($2::bigint is null or quarantine_id < $2)
     order by quarantine_id desc limit $3`,
    [reason ?? null, before ?? null, limit],
  );
}

/** How many lines lie there for each reason. */
export async function countQuarantine(
  database: DatabaseConnection,
): Promise<Partial<Record<QuarantineReason, number>>> {
  const rows = await database.query<{ reason: QuarantineReason; lines: number }>(
    "select reason, count(*) as lines from recommendations.quarantine group by reason order by lines desc",
  );
  return Object.fromEntries(rows.map(({ reason, lines }) => [reason, Number(lines)]));
}
