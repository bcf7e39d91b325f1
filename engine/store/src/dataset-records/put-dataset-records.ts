import pg from "pg";
import type { Announcement } from "../announcement.ts";
import type { Sql, SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import type { DatasetRecordNews, NewDatasetRecord } from "./dataset-records.ts";

export interface DatasetRecordPut {
  readonly groupId: number;
  readonly records: readonly NewDatasetRecord[];
}

/** Where records are written, and who is told of it. */
export interface AnnouncedRecords {
  readonly sql: Sql;
  readonly announcement: Announcement<DatasetRecordNews>;
}

/**
 * The counters' rows are locked, in their order, from the drawing of the numbers to the end of the commit. So numbers become visible in their order, and two
 * groups of puts cannot wait for each other.
 */
const PUT = `with put as (
    select * from json_to_recordset($1::json) as put (position int, group_id bigint, dataset text, user_id text, session_id text,
      event_id text, content json)
  ), counter as (
    insert into dataset_record_counter as counter (group_id, newest)
    select group_id, count(*) from put group by group_id order by group_id
    on conflict (group_id) do update set newest = counter.newest + excluded.newest
    returning group_id, newest
  ), written as (
    insert into dataset_record (group_id, number, dataset, user_id, session_id, event_id, content)
    select group_id, counter.newest + 1 - row_number() over (partition by group_id order by put.position desc),
      put.dataset, put.user_id, put.session_id, put.event_id, put.content
    from put join counter using (group_id)
    order by put.position
    on conflict (group_id, dataset, event_id) where event_id is not null do nothing
  )
  select group_id as "groupId", newest from counter`;

const FOREIGN_KEY_VIOLATION = "23503";

/** The newest number of the put's group, or what kept it from being known. */
export type PutOutcome = { readonly newest: number } | { readonly error: unknown };

/**
 * Writes the records of many puts in one statement and tells of each dataset group; outcomes in the order of the puts. Throws where PostgreSQL said no: nothing was
 * written, and each put may be tried by itself. Where the connection was lost, nobody knows, and trying again could write twice.
 */
export async function putDatasetRecords(
  dependencies: AnnouncedRecords,
  puts: readonly DatasetRecordPut[],
): Promise<PutOutcome[]> {
  try {
    const newest = await writeAndAnnounce(dependencies, puts);
    return puts.map(({ groupId }) => ({ newest: newest.get(groupId) ?? 0 }));
  } catch (error) {
    if (error instanceof pg.DatabaseError || error instanceof StoreError) throw error;
    return puts.map(() => ({ error }));
  }
}

async function writeAndAnnounce(
  { sql, announcement }: AnnouncedRecords,
  puts: readonly DatasetRecordPut[],
): Promise<ReadonlyMap<number, number>> {
  const records = puts.flatMap(describeRecords).map((record, position) => ({ position, ...record }));
  const newest = new Map<number, number>();
  await inOneCommit(sql, async (connection) => {
    const rows = await writeRecords(connection, storableJson(records), puts);
    for (const row of rows) {
      newest.set(row.groupId, row.newest);
      await announcement.announce(connection, row);
    }
  });
  return newest;
}

/** Only on a server is NOTIFY a second statement; elsewhere the one statement is a transaction, which saves two trips. */
function inOneCommit(sql: Sql, work: (connection: SqlConnection) => Promise<void>): Promise<void> {
  return sql.home === "server" ? sql.transaction(work) : work(sql);
}

function describeRecords({ groupId, records }: DatasetRecordPut): object[] {
  return records.map(({ dataset, userId, sessionId, eventId, content }) => ({
    group_id: groupId,
    dataset,
    user_id: userId,
    session_id: sessionId === userId ? undefined : sessionId,
    event_id: eventId,
    content,
  }));
}

/** PostgreSQL's text holds every character but NUL, which JSON always writes as an escape. */
function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes("\\u0000")) return json;
  return JSON.stringify(value, (_, part) => (typeof part === "string" ? part.replaceAll("\0", "\uFFFD") : part));
}

async function writeRecords(
  connection: SqlConnection,
  records: string,
  puts: readonly DatasetRecordPut[],
): Promise<{ readonly groupId: number; readonly newest: number }[]> {
  try {
    return await connection.query(PUT, [records], { name: "put-dataset-records" });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === FOREIGN_KEY_VIOLATION)) throw error;
    const groups = puts.map(({ groupId }) => groupId).join(", ");
    throw new StoreError("NoSuchDatasetGroup", `There is no dataset group ${groups}`, { groups });
  }
}
