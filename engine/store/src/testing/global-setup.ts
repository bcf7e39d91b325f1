/** For node's `--test-global-setup`: keeps the PostgreSQL of the tests running between the files of one run. */
import type pg from "pg";
import { connectTestCluster } from "./test-cluster.ts";

let client: pg.Client | undefined;

export async function globalSetup(): Promise<void> {
  if ((process.env.RONDO_TEST_SQL ?? "embedded") === "embedded") client = (await connectTestCluster()).admin;
}

export async function globalTeardown(): Promise<void> {
  await client?.end();
}
