import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger, systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { attendPlace, ensurePlace } from "./place.ts";

test("a home has one name for all its days, that nobody else may read or has", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "rondo-place-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "place");
  const place = await ensurePlace(file);
  assert.equal(await ensurePlace(file), place);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.notEqual(await ensurePlace(join(folder, "other")), place);
  await writeFile(file, "");
  await assert.rejects(ensurePlace(file), /place is empty.*delete the file and start again/);
});

test("where several Rondos may share the database, this one says that it is alive", async () => {
  await using sql = await openTestSql();
  const stopping = new AbortController();
  const { signal } = stopping;
  await attendPlace({ sql, place: "here", clock: systemClock, logger: silentLogger, signal });
  stopping.abort();
  const places = await sql.query("select id from place");
  assert.deepEqual(places, sql.home === "server" ? [{ id: "here" }] : []);
});
