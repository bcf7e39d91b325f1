import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readConfiguration } from "./configuration.ts";
import { type Check, diagnose } from "./diagnose.ts";
import { startTestServer } from "./testing/start-test-server.ts";

const byName = (checks: readonly Check[], name: string): Check | undefined =>
  checks.find((check) => check.name === name);

test("a home that is not there yet is said to be made by the first start", async () => {
  const { checks } = await diagnose(readConfiguration({ home: join(tmpdir(), "rondo-nowhere") }, {}));
  assert.equal(checks.length, 1);
  assert.match(checks[0]?.advice ?? "", /npm start/);
});

test("looking at a folder without a database makes none", async (context) => {
  const home = await mkdtemp(join(tmpdir(), "rondo-test-"));
  context.after(() => rm(home, { recursive: true, force: true }));
  const { checks } = await diagnose(readConfiguration({ home }, {}));
  assert.match(byName(checks, "database")?.detail ?? "", /There is none yet/);
  assert.deepEqual(await readdir(home), []);
});

test("a running server is asked how its database is", async () => {
  await using server = await startTestServer();
  const { checks } = await diagnose(readConfiguration({ home: server.home }, {}));
  assert.match(byName(checks, "server")?.detail ?? "", new RegExp(`process ${process.pid} on ${server.url}`));
  assert.match(byName(checks, "database")?.detail ?? "", /^PostgreSQL \d+/);
  assert.equal(byName(checks, "credentials")?.state, "ok");
});

test("credentials that others can read are an error", async () => {
  const home = await mkdtemp(join(tmpdir(), "rondo-test-"));
  try {
    {
      await using server = await startTestServer({ home });
      await chmod(join(home, "credentials"), 0o644);
      const { checks } = await diagnose(readConfiguration({ home }, {}));
      assert.equal(byName(checks, "credentials")?.state, "error", server.url);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
