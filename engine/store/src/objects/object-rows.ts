import type { SqlConnection } from "../sql.ts";
import { noSuchBucket, noSuchKey } from "./object-errors.ts";
import { encodeKey } from "./object-key.ts";
import type { BucketRef, Checksum, ContentHeaders, ObjectInfo, ObjectPart, ObjectRef } from "./objects.ts";

/** The column `details`: what of an object only matters to who asks for it. */
export interface ObjectDetails {
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

/** A row of `object` without its body. */
export interface ObjectRow {
  readonly key: Buffer;
  readonly size: number;
  readonly etag: string;
  readonly modified_at: Date;
  readonly details: ObjectDetails | null;
  readonly tags: Record<string, string> | null;
}

/** The same with its body. */
export interface WholeObjectRow extends ObjectRow {
  readonly parts: ObjectPart[] | null;
  readonly body: Buffer | null;
  readonly body_ids: string[] | null;
}

/** `key` comes last: it is null when there is a bucket but no object. */
export const ROW_COLUMNS = "object.size, object.etag, object.modified_at, object.details, object.tags, object.key";

const FROM_BUCKET = `from bucket left join object on object.bucket_id = bucket.id and object.key = $3
  where bucket.account_id = $1 and bucket.name = $2`;

/** What a lookup found: a row, or what is missing. */
export type FoundObject = WholeObjectRow | "no-bucket" | "no-key";

type FoundRow = { readonly position: number; readonly bucket_id: number | null } & (WholeObjectRow | { key: null });

/** Per item by the index (`limit 1` keeps the planner from scanning the table while its statistics are young). */
const FIND = `select item.position::int as position, bucket.id as bucket_id, found.*
  from unnest($2::text[], $3::text[], $4::int[], $5::int[]) with ordinality
    as item (account_id, bucket, key_at, key_length, position)
  left join bucket on bucket.account_id = item.account_id and bucket.name = item.bucket
  left join lateral (
    select object.parts, object.body, object.body_ids, ${ROW_COLUMNS} from object
    where object.bucket_id = bucket.id and object.key = substring($1::bytea from item.key_at + 1 for item.key_length)
    limit 1
  ) as found on true`;

/** Many objects in one prepared statement, in the order of `objects`; keys travel as one binary parameter. */
export async function findObjects(connection: SqlConnection, objects: readonly ObjectRef[]): Promise<FoundObject[]> {
  const keys = objects.map((object) => encodeKey(object.key));
  let at = 0;
  const places = keys.map((key) => {
    at += key.byteLength;
    return at - key.byteLength;
  });
  const rows = await connection.query<FoundRow>(
    FIND,
    [
      Buffer.concat(keys),
      objects.map((object) => object.accountId),
      objects.map((object) => object.bucket),
      places,
      keys.map((key) => key.byteLength),
    ],
    { name: "find-objects" },
  );
  const found = objects.map((): FoundObject => "no-bucket");
  for (const row of rows) {
    if (row.bucket_id !== null) found[row.position - 1] = row.key === null ? "no-key" : (row as WholeObjectRow);
  }
  return found;
}

/** The same without the body. */
export async function findObjectHead(
  connection: SqlConnection,
  object: ObjectRef,
): Promise<Omit<WholeObjectRow, "body" | "body_ids">> {
  const rows = await connection.query<WholeObjectRow | { key: null }>(
    `select object.parts, ${ROW_COLUMNS} ${FROM_BUCKET}`,
    [object.accountId, object.bucket, encodeKey(object.key)],
    { name: "find-object-head" },
  );
  return requireObject(rows[0], object);
}

function requireObject<Row extends ObjectRow>(row: Row | { key: null } | undefined, object: ObjectRef): Row {
  if (row === undefined) throw noSuchBucket(object);
  if (row.key === null) throw noSuchKey(object);
  return row as Row;
}

/** The row's id of a bucket. Throws NoSuchBucket. */
export async function findBucketId(connection: SqlConnection, bucket: BucketRef): Promise<number> {
  const [row] = await connection.query<{ id: number }>(
    "select id from bucket where account_id = $1 and name = $2",
    [bucket.accountId, bucket.bucket],
    { name: "find-bucket-id" },
  );
  if (row === undefined) throw noSuchBucket(bucket);
  return row.id;
}

/** A row as the port shows it. */
export function toObjectInfo(
  bucket: BucketRef,
  row: ObjectRow & { readonly parts?: readonly ObjectPart[] | null },
): ObjectInfo {
  const { headers = {}, metadata = {}, checksum } = row.details ?? {};
  return {
    accountId: bucket.accountId,
    bucket: bucket.bucket,
    key: row.key.toString("utf8"),
    size: row.size,
    etag: `"${row.etag}"`,
    lastModified: row.modified_at,
    headers,
    metadata,
    tags: row.tags ?? {},
    ...(checksum && { checksum }),
    ...(row.parts && { parts: row.parts }),
  };
}
