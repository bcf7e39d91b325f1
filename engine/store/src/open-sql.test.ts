import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { takeHomeLock } from "./homes/home-lock.ts";
import { silentLogger } from "./logger.ts";
import { migrate, readMigrations } from "./migrator.ts";
import { openSql } from "./open-sql.ts";
import { resourceColumns } from "./resource-table.ts";
import type { SqlHome } from "./sql.ts";

const kills = { embedded: 4, pglite: 2, server: 0 };

async function makeHome(): Promise<AsyncDisposable & { directory: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-home-"));
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

function startInserting(directory: string, home: SqlHome): ChildProcess {
  const program = path.join(import.meta.dirname, "testing/insert-until-killed.ts");
  return spawn(process.execPath, [program, directory, home], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Kills the program a random moment after its first row; returns the last acknowledged number. */
async function insertUntilKilled(directory: string, home: SqlHome): Promise<number> {
  const child = startInserting(directory, home);
  let last = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    if (last === 0) void sleep(Math.random() * 300).then(() => child.kill("SIGKILL"));
    last = Number(line);
  }
  return last;
}

for (const home of ["embedded", "pglite"] as const) {
  test(`kill -9 loses no acknowledged row on ${home}, and the database is found again`, async () => {
    await using place = await makeHome();
    for (let round = 0; round < kills[home]; round++) {
      const last = await insertUntilKilled(place.directory, home);
      assert.ok(last > 0);
      await using sql = await openSql({ directory: place.directory, home });
      const [row] = await sql.query<{ count: number; largest: number }>(
        "select count(*) as count, max(value) as largest from acknowledged",
      );
      assert.ok(row !== undefined && row.largest >= last, `${last} was acknowledged, ${row?.largest} is there`);
      assert.equal(row.count, row.largest);
    }
  });

  test(`a second Rondo on the same home is refused on ${home}, naming the first`, async () => {
    await using place = await makeHome();
    await using sql = await openSql({ directory: place.directory, home });
    await assert.rejects(openSql({ directory: place.directory, home }), {
      code: "HomeInUse",
      message: new RegExp(`process ${process.pid}\\b.*RONDO_HOME`),
    });
    assert.deepEqual(await sql.query("select 1 as still"), [{ still: 1 }]);
  });
}

test("the embedded PostgreSQL survives a crash of Rondo, and is stopped by an orderly close", async () => {
  await using place = await makeHome();
  await insertUntilKilled(place.directory, "embedded");
  const pidFile = path.join(place.directory, "postgres/data/postmaster.pid");
  const pid = Number.parseInt(await readFile(pidFile, "utf8"), 10);
  const lines: string[] = [];
  const logger = { ...silentLogger, info: (_fields: object, message: string) => void lines.push(message) };
  const sql = await openSql({ directory: place.directory, logger });
  assert.ok(lines.includes("Found the embedded PostgreSQL running"));
  await sql.close();
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  await assert.rejects(readFile(pidFile), { code: "ENOENT" });
});

test("a killed PostgreSQL is started again, and listeners are told that they may have missed something", async () => {
  await using place = await makeHome();
  await using sql = await openSql({ directory: place.directory });
  let told = (): void => {};
  const toldAgain = new Promise<void>((resolve) => (told = resolve));
  await sql.listen("news", (payload) => payload === "" && told());
  await sql.query("create table kept (value integer); insert into kept values (1)");
  const pid = Number.parseInt(await readFile(path.join(sql.location, "data/postmaster.pid"), "utf8"), 10);
  process.kill(pid, "SIGKILL");
  await toldAgain;
  assert.deepEqual(await sql.query("select value from kept"), [{ value: 1 }]);
});

test("a home can be opened again while it is being closed", async () => {
  await using place = await makeHome();
  let sql = await openSql({ directory: place.directory, home: "embedded" });
  for (let round = 0; round < 5; round++) {
    const next = openSql({ directory: place.directory, home: "embedded" });
    await sleep(round * 4); // the meeting point moves through the former one's shutdown
    await sql.close();
    sql = await next;
    assert.deepEqual(await sql.query("select 1 as alive"), [{ alive: 1 }]);
  }
  await sql.close();
});

test("closing while a killed PostgreSQL is being started again leaves none behind", async () => {
  await using place = await makeHome();
  const sql = await openSql({ directory: place.directory, home: "embedded" });
  const pidFile = path.join(sql.location, "data/postmaster.pid");
  const cut = assert.rejects(sql.query("select pg_sleep(10)"));
  const cutInTransaction = assert.rejects(sql.transaction((transaction) => transaction.query("select pg_sleep(10)")));
  await sql.query("select 1"); // both are under way
  process.kill(Number.parseInt(await readFile(pidFile, "utf8"), 10), "SIGKILL");
  await Promise.all([cut, cutInTransaction]);
  await sql.close();
  const left = Number.parseInt(await readFile(pidFile, "utf8").catch(() => "0"), 10);
  assert.ok(left === 0 || !existsSync(`/proc/${left}`));
});

test("the number of a crashed PostgreSQL may be another program's by now", async () => {
  await using place = await makeHome();
  await (await openSql({ directory: place.directory, home: "embedded" })).close();
  const pidFile = path.join(place.directory, "postgres/data/postmaster.pid");
  await writeFile(
    pidFile,
    `${process.pid}\n${path.dirname(pidFile)}\n1700000000\n5432\n\n\n       1         1\nready\n`,
  );
  await using sql = await openSql({ directory: place.directory, home: "embedded" });
  assert.deepEqual(await sql.query("select 1 as alive"), [{ alive: 1 }]);
});

test("what a start that was killed within initdb left behind is removed", async () => {
  await using place = await makeHome();
  // No process has a number as large as this one.
  const unfinished = path.join(place.directory, "postgres", "data.init-4194304");
  await mkdir(unfinished, { recursive: true });
  await writeFile(path.join(unfinished, "PG_VERSION"), "18");
  await using sql = await openSql({ directory: place.directory, home: "embedded" });
  assert.equal(sql.home, "embedded");
  assert.equal(existsSync(unfinished), false);
});

test("a home is one home by whichever link it is reached", async () => {
  await using place = await makeHome();
  await using other = await makeHome();
  const link = path.join(other.directory, "link");
  await symlink(place.directory, link);
  await using _sql = await openSql({ directory: place.directory, home: "embedded" });
  await assert.rejects(openSql({ directory: link, home: "embedded" }), { code: "HomeInUse" });
});

test("a lock file that a killed process left, or that was cut short, is taken over on PGlite", async () => {
  await using place = await makeHome();
  await mkdir(path.join(place.directory, "pglite"));
  // Ours is the number of a living process, but one that was started at another time.
  for (const left of ["", '{"pid":', JSON.stringify({ pid: process.pid, startTime: "1" })]) {
    await writeFile(path.join(place.directory, "pglite/lock"), left);
    await using lock = await takeHomeLock(path.join(place.directory, "pglite/lock"), place.directory);
    assert.ok(lock);
  }
});

test("a deep home has its socket in a short private directory", async () => {
  await using place = await makeHome();
  const directory = path.join(place.directory, "x".repeat(100), "y".repeat(100));
  await mkdir(directory, { recursive: true });
  await using sql = await openSql({ directory, home: "embedded" });
  assert.deepEqual(await sql.query("select 1 as one"), [{ one: 1 }]);
});

test("a home begun on PGlite stays there, with a word on what that costs", async () => {
  await using place = await makeHome();
  await (await openSql({ directory: place.directory, home: "pglite" })).close();
  const lines: string[] = [];
  const logger = { ...silentLogger, warn: (_fields: object, message: string) => void lines.push(message) };
  await using sql = await openSql({ directory: place.directory, logger });
  assert.equal(sql.home, "pglite");
  assert.match(lines.join("\n"), /one process only.*no fsync/);
});

test("a database of a newer program, and a migration changed later, are refused", async () => {
  await using place = await makeHome();
  await using sql = await openSql({ directory: place.directory });
  const ours = await readMigrations();
  assert.deepEqual(await migrate(sql, ours), []);
  await assert.rejects(migrate(sql, ours.slice(0, -1)), { code: "DatabaseTooNew", message: /newer Rondo/ });
  const changed = ours.map((migration, index) => (index === 0 ? { ...migration, hash: "other" } : migration));
  await assert.rejects(migrate(sql, changed), { code: "MigrationChanged" });
  await sql.query("delete from migration where number = 1");
  await assert.rejects(migrate(sql, ours), { code: "MigrationOutOfOrder" });
});

test("starters that come at the same time apply each migration once", async () => {
  await using place = await makeHome();
  await using sql = await openSql({ directory: place.directory });
  const extra = [9001, 9002].map((number) => ({
    number,
    name: `${number}-extra`,
    text: `create table extra_${number} (id integer); insert into extra_${number} values (1)`,
    hash: String(number),
  }));
  const all = [...(await readMigrations()), ...extra];
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(sql, all)));
  assert.deepEqual(applied.flat().toSorted(), ["9001-extra", "9002-extra"]);
});

test("an unreachable or misspelled DATABASE_URL is explained without its password", async () => {
  await assert.rejects(openSql({ directory: "/nowhere", databaseUrl: "mysql://x" }), { code: "BadDatabaseUrl" });
  const databaseUrl = "postgres://me:secret@127.0.0.1:1/rondo";
  await assert.rejects(openSql({ directory: "/nowhere", databaseUrl }), (error: Error) => {
    assert.match(error.message, /127\.0\.0\.1:1\/rondo cannot be used: .*ECONNREFUSED/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test("finding a resource reads one index row, also among very many", async () => {
  await using place = await makeHome();
  await using sql = await openSql({ directory: place.directory });
  await sql.query(
    `insert into resource (type, account_id, region, name, arn, status, body, created_at, updated_at, due)
     select 't', 'a', 'r', 'n' || i, 'x', 's', '{}', now(), now(), case when i % 100 = 0 then now() end
     from generate_series(1, 20000) i`,
  );
  await sql.query("analyze resource");
  const planOf = async (text: string): Promise<string> => {
    const rows = await sql.query<Record<string, string>>(`explain ${text}`);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  };
  const owner = "account_id = 'a' and region = 'r' and type = 't'";
  assert.match(await planOf(`select ${resourceColumns} from resource where ${owner} and name = 'n5'`), /resource_key/);
  const page = `select * from resource where ${owner} and (created_at, id) > (now(), 5) order by created_at, id limit 11`;
  assert.match(await planOf(page), /Index Scan using resource_created/);
  const recent = `select * from resource where ${owner} and updated_at > now() - interval '1 s' order by updated_at desc, id desc limit 11`;
  assert.match(await planOf(recent), /Index Scan Backward using resource_updated/);
  assert.match(
    await planOf(`select * from resource where ${owner} order by status, id limit 11`),
    /Index Scan using resource_by_status/,
  );
  const due = "select id from resource where due is not null and due <= now() order by due, id limit 8";
  assert.match(await planOf(due), /resource_due/);
});
