/** A program for dataset-records-crash.test.ts: opens a home, puts events and writes the name of each to stdout once it is acknowledged, until it is killed. */
import { writeSync } from "node:fs";
import { createResources } from "../create-resources.ts";
import { createDatasetRecords } from "../dataset-records/create-dataset-records.ts";
import { openSql } from "../open-sql.ts";
import type { SqlHome } from "../sql.ts";

const WRITERS = 8;
const group = { accountId: "111122223333", region: "eu-west-1", type: "personalize/dataset-group", name: "shop" };

const [directory, home] = process.argv.slice(2);
if (directory === undefined) throw new Error("put-until-killed.ts needs a directory and a home");
const sql = await openSql({ directory, home: home as SqlHome });
const resources = createResources({ sql });
const { id } = await resources.insert({ ...group, arn: "arn:shop", status: "ACTIVE", body: {} });
const records = createDatasetRecords({ sql });
await Promise.all(
  Array.from({ length: WRITERS }, async (_, writer) => {
    for (let at = 0; ; at++) {
      const events = [0, 1].map((event) => `${writer}-${at}-${event}`);
      const put = events.map((eventId) => ({ dataset: "Interactions", userId: `u${writer}`, eventId, content: {} }));
      await records.put(id, put);
      writeSync(1, `${id} ${events.join(" ")}\n`);
    }
  }),
);
