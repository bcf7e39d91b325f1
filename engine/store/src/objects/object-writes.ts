import type { SqlConnection } from "../sql.ts";
import { matchesETag } from "./conditions.ts";
import { noSuchBucket, noSuchKey, preconditionFailed } from "./object-errors.ts";
import { encodeKey } from "./object-key.ts";
import type { ObjectDetails } from "./object-rows.ts";
import type { ObjectPart, ObjectRef } from "./objects.ts";

/** A row of `object` to be written. */
export interface ObjectWrite extends ObjectRef {
  readonly kind: "write";
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly details: ObjectDetails;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly parts: readonly ObjectPart[] | undefined;
  /** The body itself, or the ids of its pieces. */
  readonly content: { readonly inline: Uint8Array } | { readonly ids: readonly string[] };
}

/** A row of `object` to be deleted. */
export interface ObjectDeletion extends ObjectRef {
  readonly kind: "delete";
}

export type ObjectChange = ObjectWrite | ObjectDeletion;

/** What became of a change. */
export type ChangeOutcome = "done" | "exists" | "no-bucket";

interface ChangeRow {
  readonly position: number;
  readonly done: boolean;
}

/**
 * All keys and bodies travel as one binary parameter and are cut apart in SQL: as an array they would go as hexadecimal text. `for key share` keeps
 * the buckets from being deleted until the rows are there. Rows are locked in the order of their keys, so that two groups cannot wait for each other.
 */
const CUT_APART = `with item as (
    select item.*, substring($1::bytea from key_at + 1 for key_length) as key
    from json_to_recordset($2::json) as item (position int, account_id text, bucket text, key_at int, key_length int,
      body_length int, size bigint, etag text, details jsonb, tags jsonb, parts jsonb, body_ids text[])
  ), target as (
    select id, account_id, name from bucket
    where (account_id, name) in (select account_id, bucket from item) for key share
  )`;

const INSERT = `${CUT_APART}, written as (
    insert into object (bucket_id, key, size, etag, modified_at, details, tags, parts, body, body_ids)
    select target.id, item.key, item.size, item.etag, $3, item.details, item.tags, item.parts,
      case when item.body_ids is null then substring($1::bytea from key_at + key_length + 1 for body_length) end,
      item.body_ids
    from item join target on target.account_id = item.account_id and target.name = item.bucket
    order by target.id, item.key
    on conflict (bucket_id, key)`;

const OUTCOME = `returning bucket_id, key
  )
  select item.position, written.key is not null as done
  from item join target on target.account_id = item.account_id and target.name = item.bucket
  left join written on written.bucket_id = target.id and written.key = item.key`;

const UPSERT = `${INSERT} do update set size = excluded.size, etag = excluded.etag, modified_at = excluded.modified_at,
      details = excluded.details, tags = excluded.tags, parts = excluded.parts, body = excluded.body,
      body_ids = excluded.body_ids
    ${OUTCOME}`;

const INSERT_ONLY = `${INSERT} do nothing ${OUTCOME}`;

/** By the row's place, looked up per item: a join would be planned as a scan of the whole table while its statistics are young. */
const DELETE = `${CUT_APART}, gone as (
    delete from object where ctid = any (array(
      select (select object.ctid from object where object.bucket_id = target.id and object.key = item.key)
      from item join target on target.account_id = item.account_id and target.name = item.bucket))
  )
  select item.position, true as done
  from item join target on target.account_id = item.account_id and target.name = item.bucket`;

/** Writes rows, replacing those of the same keys. No key may occur twice. Outcomes in the order of `writes`. */
export function upsertObjects(
  connection: SqlConnection,
  writes: readonly ObjectWrite[],
  at: Date,
): Promise<ChangeOutcome[]> {
  return runChange(connection, { text: UPSERT, name: "upsert-objects", values: [at] }, writes);
}

/** Writes one row unless its key is taken. */
export async function insertObject(connection: SqlConnection, write: ObjectWrite, at: Date): Promise<ChangeOutcome> {
  const [outcome] = await runChange(connection, { text: INSERT_ONLY, name: "insert-object", values: [at] }, [write]);
  return outcome as ChangeOutcome;
}

/** Deletes rows; one that is not there counts as done. */
export function deleteObjects(
  connection: SqlConnection,
  deletions: readonly ObjectDeletion[],
): Promise<ChangeOutcome[]> {
  return runChange(connection, { text: DELETE, name: "delete-objects", values: [] }, deletions);
}

/** Locks the row until the transaction ends. Throws NoSuchBucket, NoSuchKey or, unless the ETag matches, PreconditionFailed. */
export async function lockMatching(transaction: SqlConnection, object: ObjectRef, ifMatch: string): Promise<void> {
  const [bucket] = await transaction.query<{ id: number }>(
    "select id from bucket where account_id = $1 and name = $2 for key share",
    [object.accountId, object.bucket],
  );
  if (bucket === undefined) throw noSuchBucket(object);
  const [row] = await transaction.query<{ etag: string }>(
    "select etag from object where bucket_id = $1 and key = $2 for update",
    [bucket.id, encodeKey(object.key)],
  );
  if (row === undefined) throw noSuchKey(object);
  if (!matchesETag(row.etag, ifMatch)) throw preconditionFailed("If-Match");
}

interface Statement {
  readonly text: string;
  readonly name: string;
  readonly values: readonly unknown[];
}

async function runChange(
  connection: SqlConnection,
  { text, name, values }: Statement,
  changes: readonly ObjectChange[],
): Promise<ChangeOutcome[]> {
  const bytes: Uint8Array[] = [];
  let at = 0;
  const items = changes.map((change, position) => {
    const key = encodeKey(change.key);
    const body = change.kind === "write" && "inline" in change.content ? change.content.inline : undefined;
    const item = describeChange(change, {
      position,
      key_at: at,
      key_length: key.byteLength,
      body_length: body?.byteLength,
    });
    bytes.push(key);
    at += key.byteLength;
    if (body !== undefined) {
      bytes.push(body);
      at += body.byteLength;
    }
    return item;
  });
  const rows = await connection.query<ChangeRow>(text, [Buffer.concat(bytes), JSON.stringify(items), ...values], {
    name,
  });
  const outcomes = changes.map((): ChangeOutcome => "no-bucket");
  for (const row of rows) outcomes[row.position] = row.done ? "done" : "exists";
  return outcomes;
}

function describeChange(change: ObjectChange, place: object): object {
  const item = { ...place, account_id: change.accountId, bucket: change.bucket };
  if (change.kind === "delete") return item;
  const { size, etag, details, tags, parts, content } = change;
  return { ...item, size, etag, details, tags, parts, body_ids: "ids" in content ? content.ids : undefined };
}
