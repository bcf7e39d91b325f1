import { deletePages, type ExpiryOptions } from "../delete-pages.ts";
import type { Owner } from "../resources.ts";
import type { SqlConnection } from "../sql.ts";

export interface AlarmEvent {
  readonly alarmName: string;
  readonly itemType: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly at: Date;
  readonly summary: string;
  /** CloudWatch's HistoryData, as JSON. */
  readonly data: object;
}

export interface StoredAlarmEvent extends AlarmEvent {
  readonly id: number;
}

export interface AlarmHistoryQuery extends Owner {
  readonly alarmName?: string;
  readonly itemType?: string;
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly order: "ascending" | "descending";
  /** Events strictly after this one in the order. */
  readonly after?: { readonly at: Date; readonly id: number };
  readonly limit: number;
}

const pageSize = 5000;
const retentionMs = 30 * 86_400_000;

/** Adds events; in the transaction that changes the alarm. */
export async function appendAlarmHistory(
  connection: SqlConnection,
  { accountId, region }: Owner,
  events: readonly AlarmEvent[],
): Promise<void> {
  for (const { alarmName, itemType, at, summary, data } of events) {
    await connection.query(
      `insert into alarm_history (account_id, region, alarm_name, item_type, at, summary, data) values ($1, $2, $3, $4, $5, $6, $7)`,
      [accountId, region, alarmName, itemType, at, summary, JSON.stringify(data)],
      { name: "alarm-history-append" },
    );
  }
}

/** One page of an owner's history. */
export async function listAlarmHistory(sql: SqlConnection, query: AlarmHistoryQuery): Promise<StoredAlarmEvent[]> {
  const [comparison, direction] = query.order === "ascending" ? [">", "asc"] : ["<", "desc"];
  return await sql.query<StoredAlarmEvent>(
    `select id, alarm_name as "alarmName", item_type as "itemType", at, summary, data from alarm_history
     where account_id = $1 and region = $2 and alarm_name = coalesce($3::text, alarm_name) and item_type = coalesce($4::text, item_type)
       and at >= coalesce($5::timestamptz, at) and ($6::timestamptz is null or at < $6)
       and ($7::timestamptz is null or (at, id) ${comparison} ($7, $8::bigint))
     order by at ${direction}, id ${direction} limit $9`,
    [
      query.accountId,
      query.region,
      query.alarmName ?? null,
      query.itemType ?? null,
      query.from ?? null,
      query.to ?? null,
      query.after?.at ?? null,
      query.after?.id ?? 0,
      query.limit,
    ],
  );
}

/** Deletes events that are older than the 30 days for which CloudWatch keeps them; returns how many. Run by the maintenance. */
export async function deleteExpiredAlarmHistory({ sql, now, signal }: ExpiryOptions): Promise<number> {
  return await deletePages({ pageSize, signal }, async () => {
    const rows = await sql.query(
      `delete from alarm_history where id in (select id from alarm_history where at < $1 limit ${pageSize}) returning id`,
      [new Date(now.getTime() - retentionMs)],
    );
    return rows.length;
  });
}
