import type { SqlConnection } from "../sql.ts";
import type { DatasetRecord, DatasetRecordContent, DatasetRecordQuery } from "./dataset-records.ts";

interface DatasetRecordRow {
  readonly number: number;
  readonly dataset: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly eventId: string | null;
  readonly content: DatasetRecordContent;
}

/** Whose a record is: for an event without a user, the next who was seen in its session, else the session itself. */
const USER_OF_RECORD = `coalesce(record.user_id, (
    select later.user_id from dataset_record as later
    where later.group_id = record.group_id and later.session_id = record.session_id and later.number > record.number
      and later.user_id is not null
    order by later.number limit 1), record.session_id)`;

const COLUMNS = `record.number, record.dataset, ${USER_OF_RECORD} as "userId", record.session_id as "sessionId",
  record.event_id as "eventId", record.content`;

const LIST = `select ${COLUMNS} from dataset_record as record
  where record.group_id = $1 and record.number > $2 and ($4::text[] is null or record.dataset = any ($4))
  order by record.number limit $3`;

/** The numbers of a user's records: his own, and those of his sessions from before he was known. */
export const NUMBERS_OF_USER = `select number from dataset_record where group_id = $1 and user_id = $2
  union all
  select record.number from dataset_record as record
  where record.group_id = $1 and record.user_id is null and record.session_id in (
      select $2 union select session_id from dataset_record where group_id = $1 and user_id = $2
    ) and ${USER_OF_RECORD} = $2`;

const LIST_OF_USER = `select ${COLUMNS} from dataset_record as record
  where record.group_id = $1 and record.number in (${NUMBERS_OF_USER}) and record.number > $3
    and ($5::text[] is null or record.dataset = any ($5))
  order by record.number limit $4`;

/** A page of a dataset group's records, oldest first. */
export async function listDatasetRecords(
  connection: SqlConnection,
  { groupId, after, limit, datasets }: DatasetRecordQuery,
): Promise<DatasetRecord[]> {
  const rows = await connection.query<DatasetRecordRow>(LIST, [groupId, after, limit, datasets ?? null], {
    name: "list-dataset-records",
  });
  return rows.map(readRow);
}

/** A page of a user's records, oldest first. */
export async function listUserRecords(
  connection: SqlConnection,
  { groupId, userId, after, limit, datasets }: DatasetRecordQuery & { readonly userId: string },
): Promise<DatasetRecord[]> {
  const values = [groupId, userId, after, limit, datasets ?? null];
  return (await connection.query<DatasetRecordRow>(LIST_OF_USER, values)).map(readRow);
}

export async function newestDatasetRecord(connection: SqlConnection, groupId: number): Promise<number> {
  const [row] = await connection.query<{ newest: number }>(
    "select newest from dataset_record_counter where group_id = $1",
    [groupId],
    { name: "newest-dataset-record" },
  );
  return row?.newest ?? 0;
}

export async function countDatasetRecords(
  connection: SqlConnection,
  groupId: number,
): Promise<Readonly<Record<string, number>>> {
  const rows = await connection.query<{ dataset: string; records: number }>(
    "select dataset, count(*) as records from dataset_record where group_id = $1 group by dataset order by dataset",
    [groupId],
  );
  return Object.fromEntries(rows.map(({ dataset, records }) => [dataset, records]));
}

function readRow({ userId, sessionId, eventId, ...row }: DatasetRecordRow): DatasetRecord {
  return {
    ...row,
    userId: userId ?? undefined,
    sessionId: sessionId ?? undefined,
    eventId: eventId ?? undefined,
  };
}
