import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Sql } from "../../sql.ts";
import { openTestSql } from "../../testing/open-test-sql.ts";
import { createDiskBodies } from "../disk-bodies.ts";
import { createObjects, type ObjectsOptions } from "../object-store.ts";
import type { BucketRef, Objects } from "../objects.ts";

export interface TestObjects extends AsyncDisposable {
  readonly objects: Objects;
  readonly bucket: BucketRef;
  readonly sql: Sql;
  readonly directory: string;
}

/** Objects in a database and a folder of their own, with one bucket. */
export async function openTestObjects(options: Partial<ObjectsOptions> = {}): Promise<TestObjects> {
  const sql = await openTestSql();
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-objects-"));
  const objects = createObjects({
    sql,
    bodies: createDiskBodies({ directory }),
    clock: { now: () => new Date() },
    ...options,
  });
  const bucket = { accountId: "000000000000", bucket: "reviews" };
  await objects.createBucket({ ...bucket, region: "us-east-1" });
  return {
    objects,
    bucket,
    sql,
    directory,
    async [Symbol.asyncDispose]() {
      await objects.close();
      await sql.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
