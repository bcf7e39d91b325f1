import type { Sql } from "../sql.ts";
import { afterKey, endOfPrefix } from "./object-key.ts";
import { findBucketId, type ObjectRow, ROW_COLUMNS, toObjectInfo } from "./object-rows.ts";
import type { ListQuery, ObjectList } from "./objects.ts";

/** $1 bucket, $2 first key, $3 end of the prefix, $4 rows. */
const PLAIN = `select ${ROW_COLUMNS}, null as common_prefix from object
  where bucket_id = $1 and key >= $2 and ($3::bytea is null or key < $3) order by key limit $4`;

/** The common prefix of a key: up to and with the first delimiter ($5) after the prefix of $6 bytes; null when it has none. */
const groupOf = (key: string): string =>
  `case when position($5::bytea in substring(${key} from $6::int + 1)) > 0
   then substring(${key} from 1 for $6 + position($5 in substring(${key} from $6 + 1)) - 1 + length($5)) end`;

/**
 * A walk along the index, one step per answer: from a key to the next, from a common prefix to the first key beyond it (its last byte counted
 * up; UTF-8 has no byte 255), so that what lies below a common prefix is never read.
 */
const GROUPED = `with recursive walk (step, key, common_prefix) as (
    (select 1, key, ${groupOf("key")} from object
     where bucket_id = $1 and key >= $2 and ($3::bytea is null or key < $3) order by key limit 1)
    union all
    select walk.step + 1, next.key, ${groupOf("next.key")}
    from walk cross join lateral (
      select object.key from object
      where bucket_id = $1 and ($3::bytea is null or object.key < $3)
        and object.key >= case when walk.common_prefix is null then walk.key || '\\x00'::bytea
          else set_byte(walk.common_prefix, length(walk.common_prefix) - 1,
            get_byte(walk.common_prefix, length(walk.common_prefix) - 1) + 1) end
      order by object.key limit 1) as next
    where walk.step < $4::int
  )
  select object.size, object.etag, object.modified_at, object.details, object.tags, walk.key, walk.common_prefix
  from walk left join lateral (
    select * from object where bucket_id = $1 and object.key = walk.key and walk.common_prefix is null limit 1
  ) as object on true
  order by walk.step`;

type ListingRow = ObjectRow & { readonly common_prefix: Buffer | null };

/** One page of a bucket's keys in the order of their bytes. Throws NoSuchBucket. */
export async function listObjects(sql: Sql, query: ListQuery): Promise<ObjectList> {
  const bucketId = await findBucketId(sql, query);
  if (query.limit === 0) return { objects: [], commonPrefixes: [] };
  const { prefix = "", delimiter = "", startAfter = "", limit } = query;
  const prefixBytes = Buffer.from(prefix);
  const range = [bucketId, firstKey({ prefix, delimiter, startAfter }), endOfPrefix(prefixBytes) ?? null];
  // One more than asked for tells whether there is another page.
  const rows =
    delimiter === ""
      ? await sql.query<ListingRow>(PLAIN, [...range, limit + 1], { name: "list-objects" })
      : await sql.query<ListingRow>(GROUPED, [...range, limit + 1, Buffer.from(delimiter), prefixBytes.byteLength], {
          name: "list-grouped-objects",
        });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    objects: page.filter((row) => row.common_prefix === null).map((row) => toObjectInfo(query, row)),
    commonPrefixes: page.flatMap((row) => row.common_prefix?.toString("utf8") ?? []),
    ...(rows.length > limit && last && { nextStartAfter: (last.common_prefix ?? last.key).toString("utf8") }),
  };
}

/** The smallest key that a page may begin with. */
export function firstKey(options: {
  readonly prefix: string;
  readonly delimiter: string;
  readonly startAfter: string;
}): Buffer {
  const { prefix, delimiter, startAfter } = options;
  const prefixBytes = Buffer.from(prefix);
  if (startAfter === "") return prefixBytes;
  const common = commonPrefixOf(startAfter, prefix, delimiter);
  // A page that ended with a common prefix goes on beyond everything below it.
  const next = common === undefined ? afterKey(Buffer.from(startAfter)) : (endOfPrefix(Buffer.from(common)) as Buffer);
  return Buffer.compare(next, prefixBytes) > 0 ? next : prefixBytes;
}

/** The common prefix that a key is listed under; undefined when it is listed itself. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "" || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
