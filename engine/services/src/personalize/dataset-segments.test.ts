import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClientError } from "@rondo/images";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { datasetName } from "./dataset-body.ts";
import { listSegment, replaceSegments } from "./dataset-segments.ts";
import { personalizeArn } from "./personalize-resource.ts";
import { importReportKey, segmentKey } from "./storage.ts";
import { openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";

const NAME = datasetName("shop", "Users");
const datasetArn = personalizeArn(caller, "dataset", NAME);

async function openSegments() {
  const sql = await openTestSql();
  const house = await openDatasetHouse(sql, systemClock);
  await house.insertDataset(usersSchema);
  return {
    house,
    /** What an import does at its end. */
    async list(runId: string, mode: "FULL" | "INCREMENTAL"): Promise<void> {
      const key = segmentKey(NAME, runId);
      await house.storage.put(caller, key, Buffer.from(runId));
      await house.storage.put(caller, importReportKey(key), Buffer.from("{}"));
      await listSegment(house, { owner: caller, datasetArn }, { key, rows: 1, follows: 0, runId, mode });
    },
    listed: async () => (await house.dataset("Users"))?.segments.map(({ key }) => key),
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]();
      await sql.close();
    },
  };
}

describe("a dataset's list of segments", () => {
  test("grows by an INCREMENTAL import and is replaced by a FULL one, whose forerunners are deleted", async () => {
    await using segments = await openSegments();
    const [one = "", two = "", three = ""] = ["one", "two", "three"].map((run) => segmentKey(NAME, run));
    await segments.list("one", "FULL");
    await segments.list("two", "INCREMENTAL");
    assert.deepEqual(await segments.listed(), [one, two]);
    await segments.list("three", "FULL");
    assert.deepEqual(await segments.listed(), [three]);
    assert.deepEqual(await segments.house.storedKeys(), [three, importReportKey(three)]);
  });

  test("has a run's segment once, and a FULL import that is repeated late takes nothing away", async () => {
    await using segments = await openSegments();
    await segments.list("one", "FULL");
    await segments.list("two", "INCREMENTAL");
    await segments.list("one", "FULL");
    assert.deepEqual(
      await segments.listed(),
      ["one", "two"].map((run) => segmentKey(NAME, run)),
    );
  });

  test("is given others for those that hold erased rows, and keeps what was imported meanwhile", async () => {
    await using segments = await openSegments();
    const { house } = segments;
    for (const run of ["one", "two", "three"]) await segments.list(run, "INCREMENTAL");
    const [one = "", two = "", three = ""] = ["one", "two", "three"].map((run) => segmentKey(NAME, run));
    const left = { key: segmentKey(NAME, "erasure-0"), rows: 1, follows: 0 };
    await house.storage.put(caller, left.key, Buffer.from("left"));
    const byKey = new Map([
      [one, left],
      [two, undefined],
      [segmentKey(NAME, "replaced"), left],
    ]);
    for (const _attempt of ["first", "repeated"]) await replaceSegments(house, caller, new Map([[datasetArn, byKey]]));
    assert.deepEqual(await segments.listed(), [left.key, three]);
    assert.deepEqual(await house.storedKeys(), [left.key, three, importReportKey(three)].toSorted());
  });

  test("cannot grow when the dataset is gone", async () => {
    await using segments = await openSegments();
    const gone = personalizeArn(caller, "dataset", "shop/ITEMS");
    const segment = { key: "k", rows: 1, follows: 0, runId: "r", mode: "FULL" } as const;
    await assert.rejects(listSegment(segments.house, { owner: caller, datasetArn: gone }, segment), ClientError);
  });
});
