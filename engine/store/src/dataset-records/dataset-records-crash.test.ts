import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { openSql } from "../open-sql.ts";
import type { SqlHome } from "../sql.ts";
import { createDatasetRecords } from "./create-dataset-records.ts";
import type { DatasetRecord, DatasetRecords } from "./dataset-records.ts";

/** Acknowledged puts after which the program is killed: amid the next ones. */
const PUTS = 60;

/** Kills the program amid its puts; what it acknowledged, and the id of its dataset group. */
async function putUntilKilled(directory: string, home: SqlHome) {
  const program = path.join(import.meta.dirname, "../testing/put-until-killed.ts");
  const child = spawn(process.execPath, [program, directory, home], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: string[] = [];
  let groupId = 0;
  let puts = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [id, ...events] = line.split(" ");
    groupId = Number(id);
    acknowledged.push(...events);
    if (++puts === PUTS) child.kill("SIGKILL");
  }
  return { groupId, acknowledged };
}

async function listAll(records: DatasetRecords, groupId: number): Promise<DatasetRecord[]> {
  const all: DatasetRecord[] = [];
  for (let after = 0; ; ) {
    const page = await records.listAfter({ groupId, after, limit: 100 });
    all.push(...page);
    after = page.at(-1)?.number ?? after;
    if (page.length < 100) return all;
  }
}

test("kill -9 loses no acknowledged event and tears no put apart", { timeout: 120_000 }, async () => {
  const home = process.env.RONDO_TEST_SQL === "pglite" ? "pglite" : "embedded";
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-records-"));
  const { groupId, acknowledged } = await putUntilKilled(directory, home);
  assert.ok(acknowledged.length >= 2 * PUTS);
  await using sql = await openSql({ directory, home });
  const stored = await listAll(createDatasetRecords({ sql }), groupId);
  const events = new Set(stored.map(({ eventId }) => eventId));
  assert.deepEqual(
    acknowledged.filter((event) => !events.has(event)),
    [],
  );
  assert.deepEqual(
    stored.map(({ number }) => number),
    stored.map((_, at) => at + 1),
  );
  // The two events of a put are named `<put>-0` and `<put>-1`.
  const puts = new Set(Array.from(events, (event) => event?.slice(0, -2)));
  assert.equal(events.size, 2 * puts.size);
  await sql.close();
  await rm(directory, { recursive: true, force: true });
});
