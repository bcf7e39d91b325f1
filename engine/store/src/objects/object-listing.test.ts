import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { BucketRef, ListQuery, Objects } from "./objects.ts";
import { openTestObjects } from "./testing/open-test-objects.ts";

/** Few characters, so that prefixes and delimiters meet; among them such whose order differs between UTF-8 and UTF-16. */
const text = (maxLength: number) =>
  fc
    .array(fc.constantFrom("a", "b", "/", "\u0000", "\u0001", "é", "\uffee", "😀", "%", "+"), { maxLength })
    .map((characters) => characters.join(""));

const compareUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A listing as S3's guide describes it, by looking at every key. */
function listNaively(keys: readonly string[], { prefix = "", delimiter = "", startAfter = "" }: Partial<ListQuery>) {
  const entries = new Set<string>();
  for (const key of keys.filter((candidate) => candidate.startsWith(prefix)).toSorted(compareUtf8)) {
    if (startAfter !== "" && compareUtf8(key, startAfter) <= 0) continue;
    const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = at < 0 ? undefined : key.slice(0, at + delimiter.length);
    if (common !== undefined && startAfter.startsWith(common)) continue;
    entries.add(common === undefined ? `key ${key}` : `prefix ${common}`);
  }
  return [...entries];
}

async function listAllPages(objects: Objects, query: ListQuery): Promise<string[]> {
  const entries: string[] = [];
  let startAfter = query.startAfter;
  do {
    const page = await objects.list({ ...query, startAfter });
    const found = [
      ...page.objects.map((object) => `key ${object.key}`),
      ...page.commonPrefixes.map((prefix) => `prefix ${prefix}`),
    ];
    assert.ok(found.length <= query.limit);
    entries.push(...found.toSorted((a, b) => compareUtf8(nameOf(a), nameOf(b))));
    startAfter = page.nextStartAfter;
  } while (startAfter !== undefined);
  return entries;
}

const nameOf = (entry: string) => entry.slice(entry.indexOf(" ") + 1);

async function fill(objects: Objects, bucket: BucketRef, keys: readonly string[]): Promise<void> {
  await objects.createBucket({ ...bucket, region: "us-east-1" });
  await Promise.all(keys.map((key) => objects.put(bucket, key, Buffer.of())));
}

/** Milliseconds. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

describe("listing", () => {
  test("equals the naive model for any keys, prefix, delimiter, start and page size", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          text(6).filter((key) => key !== ""),
          { minLength: 1, maxLength: 40 },
        ),
        fc.array(
          fc.record({
            prefix: text(2),
            delimiter: text(2),
            startAfter: text(4),
            limit: fc.integer({ min: 1, max: 9 }),
          }),
          { minLength: 8, maxLength: 8 },
        ),
        async (keys, queries) => {
          const own = { ...bucket, bucket: `property-${serial++}` };
          await fill(objects, own, keys);
          for (const query of queries) {
            assert.deepEqual(await listAllPages(objects, { ...own, ...query }), listNaively(keys, query));
          }
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  test("does not read what lies below a common prefix", async () => {
    await using test = await openTestObjects();
    const { objects, bucket, sql } = test;
    await sql.query(
      `insert into object (bucket_id, key, size, etag, modified_at, body)
       select bucket.id, convert_to('deep/' || number, 'UTF8'), 0, '', now(), ''
       from bucket, generate_series(1, 200000) as number`,
    );
    await objects.put(bucket, "after", Buffer.of());
    await objects.put(bucket, "zebra", Buffer.of());
    const page = await objects.list({ ...bucket, delimiter: "/", limit: 1000 });
    assert.deepEqual(
      page.objects.map((object) => object.key),
      ["after", "zebra"],
    );
    assert.deepEqual(page.commonPrefixes, ["deep/"]);
    const listing = await fastest(() => objects.list({ ...bucket, delimiter: "/", limit: 1000 }));
    const scan = await fastest(() => sql.query("select count(key) as count from object"));
    assert.ok(listing < scan / 4, `${listing} ms, against ${scan} ms to look at every key`);
  });

  test("a page of no entries is empty", async () => {
    await using test = await openTestObjects();
    assert.deepEqual(await test.objects.list({ ...test.bucket, limit: 0 }), { objects: [], commonPrefixes: [] });
  });
});
