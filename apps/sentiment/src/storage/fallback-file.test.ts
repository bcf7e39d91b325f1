import assert from "node:assert/strict";
import { appendFile, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFallbackFile } from "./fallback-file.ts";

interface Row {
  readonly id: number;
}

function folder() {
  return mkdtempDisposable(join(tmpdir(), "fallback-"));
}

test("rows are on disk when acknowledged and leave the file when they are stored", async () => {
  await using home = await folder();
  const path = join(home.path, "feedback.json");
  const file = await openFallbackFile<Row>(path);
  await Promise.all([1, 2, 3].map((id) => file.append({ id })));
  assert.equal(await readFile(path, "utf8"), '{"id":1}\n{"id":2}\n{"id":3}\n');
  const stored: number[] = [];
  const replayed = await file.replay(async ({ id }) => {
    stored.push(id);
    return "stored";
  });
  assert.equal(replayed, 3);
  assert.deepEqual(stored, [1, 2, 3]);
  assert.equal(file.pending, 0);
  assert.equal((await openFallbackFile<Row>(path)).pending, 0);
});

test("a replay that ends in the middle begins anew, and rows that came meanwhile follow", async () => {
  await using home = await folder();
  const path = join(home.path, "feedback.json");
  const file = await openFallbackFile<Row>(path);
  await Promise.all(Array.from({ length: 150 }, (_, id) => file.append({ id })));
  const stored = new Set<number>();
  const interrupted = file.replay(async ({ id }) => {
    if (id === 120) throw new Error("killed");
    stored.add(id);
    return "stored";
  });
  await assert.rejects(interrupted, /killed/);
  await file.append({ id: 150 });

  const afterCrash = await openFallbackFile<Row>(path);
  assert.equal(afterCrash.pending, 151);
  await afterCrash.replay(async ({ id }) => {
    stored.add(id);
    return "stored";
  });
  assert.equal(stored.size, 151);
  assert.equal(afterCrash.pending, 0);
});

test("a line that a crash left unfinished is cut off, and the next row stands on a line of its own", async () => {
  await using home = await folder();
  const path = join(home.path, "feedback.json");
  await writeFile(path, `{"id":1}\n{"id":2,"text":"${"x".repeat(100_000)}`);
  const file = await openFallbackFile<Row>(path);
  assert.equal(file.pending, 1);
  await file.append({ id: 3 });
  assert.equal(await readFile(path, "utf8"), '{"id":1}\n{"id":3}\n');
});

test("a row that the store refuses is set aside with the reason, and the others are stored", async () => {
  await using home = await folder();
  const path = join(home.path, "feedback.json");
  await appendFile(path, '{"id":1}\n{"id":2}\n');
  const file = await openFallbackFile<Row>(path);
  const replayed = await file.replay(async ({ id }) => (id === 1 ? { refused: "too large" } : "stored"));
  assert.equal(replayed, 1);
  const refused = await readFile(join(home.path, "feedback.refused.json"), "utf8");
  assert.deepEqual(JSON.parse(refused), { reason: "too large", row: { id: 1 } });
  assert.equal(file.pending, 0);
});
