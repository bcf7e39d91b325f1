import type { Clock } from "../clock.ts";
import type { Sql, SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { noSuchBucket } from "./object-errors.ts";
import type { Bucket, BucketRef, Objects } from "./objects.ts";

interface BucketRow {
  readonly account_id: string;
  readonly name: string;
  readonly region: string;
  readonly created_at: Date;
  readonly tags: Record<string, string>;
  readonly policy: string | null;
}

const COLUMNS = "account_id, name, region, created_at, tags, policy";

export type Buckets = Pick<Objects, "createBucket" | "findBucket" | "listBuckets" | "updateBucket" | "deleteBucket">;

/** The buckets of all accounts; a name is taken within its account only. */
export function createBuckets({ sql, clock }: { readonly sql: Sql; readonly clock: Clock }): Buckets {
  return {
    async createBucket({ accountId, bucket, region }) {
      const [row] = await sql.query<BucketRow>(
        `insert into bucket (account_id, name, region, created_at) values ($1, $2, $3, $4)
         on conflict (account_id, name) do nothing returning ${COLUMNS}`,
        [accountId, bucket, region, clock.now()],
      );
      if (row !== undefined) return toBucket(row);
      throw new StoreError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        { BucketName: bucket },
      );
    },
    async findBucket({ accountId, bucket }) {
      const [row] = await sql.query<BucketRow>(
        `select ${COLUMNS} from bucket where account_id = $1 and name = $2`,
        [accountId, bucket],
        { name: "find-bucket" },
      );
      return row && toBucket(row);
    },
    async listBuckets(accountId, { prefix = "", startAfter = "", limit = 10_000 } = {}) {
      const rows = await sql.query<BucketRow>(
        `select ${COLUMNS} from bucket
         where account_id = $1 and name > $2 and starts_with(name, $3) order by name limit $4`,
        [accountId, startAfter, prefix, limit],
      );
      return rows.map(toBucket);
    },
    async updateBucket({ accountId, bucket }, { tags, policy }) {
      const updated = await sql.query(
        `update bucket set tags = coalesce($3::jsonb, tags), policy = case when $4 then $5 else policy end
         where account_id = $1 and name = $2 returning id`,
        [accountId, bucket, tags && JSON.stringify(tags), policy !== undefined, policy ?? null],
      );
      if (updated.length === 0) throw noSuchBucket({ accountId, bucket });
    },
    deleteBucket: (bucket) => sql.transaction((transaction) => deleteEmptyBucket(transaction, bucket)),
  };
}

/** Every write to the bucket's objects locks its row against this lock, so none slips in between the look and the deletion. */
async function deleteEmptyBucket(transaction: SqlConnection, bucket: BucketRef): Promise<void> {
  const [row] = await transaction.query<{ id: number }>(
    "select id from bucket where account_id = $1 and name = $2 for update",
    [bucket.accountId, bucket.bucket],
  );
  if (row === undefined) throw noSuchBucket(bucket);
  const objects = await transaction.query("select 1 from object where bucket_id = $1 limit 1", [row.id]);
  if (objects.length > 0) {
    throw new StoreError("BucketNotEmpty", "The bucket you tried to delete is not empty", {
      BucketName: bucket.bucket,
    });
  }
  await transaction.query("delete from multipart_upload where bucket_id = $1", [row.id]);
  await transaction.query("delete from bucket where id = $1", [row.id]);
}

function toBucket(row: BucketRow): Bucket {
  return {
    accountId: row.account_id,
    bucket: row.name,
    region: row.region,
    createdAt: row.created_at,
    tags: row.tags,
    ...(row.policy !== null && { policy: row.policy }),
  };
}
