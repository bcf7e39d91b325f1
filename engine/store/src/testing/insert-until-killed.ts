/** A program for open-sql.test.ts: opens a home, inserts numbers and writes each to stdout once it is acknowledged, until it is killed. */
import { writeSync } from "node:fs";
import { openSql } from "../open-sql.ts";
import type { SqlHome } from "../sql.ts";

const [directory, home] = process.argv.slice(2);
if (directory === undefined) throw new Error("insert-until-killed.ts needs a directory and a home");
const sql = await openSql({ directory, home: home as SqlHome });
await sql.query("create table if not exists acknowledged (value integer primary key)");
const [last] = await sql.query<{ value: number }>("select coalesce(max(value), 0) as value from acknowledged");
for (let value = (last?.value ?? 0) + 1; ; value++) {
  await sql.query("insert into acknowledged values ($1)", [value], { name: "insert" });
  writeSync(1, `${value}\n`);
}
