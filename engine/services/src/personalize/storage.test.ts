import assert from "node:assert/strict";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createDiskBodies, createObjects, systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import {
  bucketOwner,
  createPersonalizeStorage,
  importReportKey,
  internalUri,
  personalizeBucket,
  segmentKey,
} from "./storage.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const { signal } = new AbortController();

async function openStorage() {
  const sql = await openTestSql();
  const directory = await mkdtempDisposable(join(tmpdir(), "storage-"));
  const bodies = createDiskBodies({ directory: join(directory.path, "objects") });
  const objects = createObjects({ sql, clock: systemClock, bodies });
  return {
    objects,
    directory: directory.path,
    storage: createPersonalizeStorage({ objects }),
    async [Symbol.asyncDispose]() {
      await objects.close();
      await directory.remove();
      await sql.close();
    },
  };
}

describe("what Personalize keeps for itself", () => {
  test("is an object in a bucket of no caller's, which is made when it is needed", async () => {
    await using home = await openStorage();
    const { storage, objects, directory } = home;
    const key = segmentKey("shop/USERS", "run");
    assert.equal(await storage.get(owner, key), undefined);
    // Several at once: each may find that there is no bucket.
    await Promise.all(["a", "b", "c"].map((name) => storage.put(owner, name, Buffer.from(name))));
    const source = join(directory, "source");
    await writeFile(source, "r".repeat(100_000));
    await storage.putFile(owner, key, source, signal);
    const target = join(directory, "deep", "target");
    await storage.getFile(owner, key, target, signal);
    assert.equal(await readFile(target, "utf8"), await readFile(source, "utf8"));
    assert.equal((await storage.get(owner, key))?.length, 100_000);
    assert.equal((await storage.get(owner, "a"))?.toString(), "a");
    assert.equal(
      await objects.findBucket({ accountId: owner.accountId, bucket: personalizeBucket(owner).bucket }),
      undefined,
    );
    await assert.rejects(storage.getFile(owner, "missing", target, signal), { code: "NoSuchKey" });
  });

  test("is deleted by its keys or their beginning, also where nothing is", async () => {
    await using home = await openStorage();
    const { storage, objects } = home;
    await storage.delete(owner, ["a"]);
    await storage.deletePrefix(owner, "x/", signal);
    for (const key of ["a", "b", "x/1", "x/2", "xy"]) await storage.put(owner, key, Buffer.from(key));
    await storage.delete(owner, ["a", "missing"]);
    await storage.deletePrefix(owner, "x/", signal);
    const { objects: left } = await objects.list({ ...personalizeBucket(owner), limit: 10 });
    assert.deepEqual(
      left.map(({ key }) => key),
      ["b", "xy"],
    );
  });

  test("has names that tell whose it is", () => {
    const { bucket } = personalizeBucket(owner);
    assert.deepEqual(bucketOwner(bucket), owner);
    assert.equal(bucketOwner("personalize-shop"), undefined);
    const key = segmentKey("shop/USERS", "run-1");
    assert.equal(internalUri(owner, key), "s3://personalize-111122223333-eu-west-1/datasets/shop/USERS/run-1.parquet");
    assert.equal(importReportKey(key), "import-reports/shop/USERS/run-1.json");
  });
});
