import type { Sql } from "../sql.ts";
import { noSuchKey } from "./object-errors.ts";
import { encodeKey } from "./object-key.ts";
import { findBucketId } from "./object-rows.ts";
import type { ObjectRef } from "./objects.ts";

/** Replaces the tags of an object. Throws NoSuchBucket or NoSuchKey. */
export async function putObjectTags(
  sql: Sql,
  object: ObjectRef,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const bucketId = await findBucketId(sql, object);
  const updated = await sql.query(
    "update object set tags = $3 where bucket_id = $1 and key = $2 returning 1 as updated",
    [bucketId, encodeKey(object.key), JSON.stringify(tags)],
  );
  if (updated.length === 0) throw noSuchKey(object);
}
