import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { newRun } from "../jobs/job-run.ts";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { importReportKey, segmentKey } from "./storage.ts";
import { sweepSegments } from "./sweep-segments.ts";
import { openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";

test("segments that no dataset lists are deleted with their reports, those of running jobs are not", async () => {
  await using sql = await openTestSql();
  await using house = await openDatasetHouse(sql, systemClock);
  const put = async (key: string) => void (await house.storage.put(caller, key, Buffer.from("rows")));
  const name = "shop/USERS";
  const keep = [
    segmentKey(name, "listed"),
    importReportKey(segmentKey(name, "listed")),
    segmentKey(name, "import-r1"),
    segmentKey(name, "erase-r2-0"),
    "solution-versions/s/1/model.tar.gz",
  ];
  const sweep = [
    segmentKey(name, "crashed"),
    importReportKey(segmentKey(name, "crashed")),
    segmentKey("gone/ITEMS", "listed"),
    segmentKey(name, "ended-r3"),
  ];
  for (const key of [...keep, ...sweep]) await put(key);
  await house.insertDataset(usersSchema, { segments: [{ key: segmentKey(name, "listed"), rows: 1, follows: 0 }] });
  const jobs = [
    { type: "dataset-import-job", status: "InProgress", run: "import-r1" },
    { type: "data-deletion-job", status: "Stopping", run: "erase-r2" },
    { type: "dataset-import-job", status: "Failed", run: "ended-r3" },
  ] as const;
  for (const { type, status, run } of jobs) {
    await house.resources.insert(
      newPersonalizeResource(caller, { type, name: run, status, body: { run: newRun(run, "") } }),
    );
  }
  const { signal } = new AbortController();
  assert.equal(await sweepSegments(house, signal), 3);
  assert.deepEqual(await house.storedKeys(), keep.toSorted());
  assert.equal(await sweepSegments(house, signal), 0);
});

test("where nothing was ever imported there is nothing to sweep", async () => {
  await using sql = await openTestSql();
  await using house = await openDatasetHouse(sql, systemClock);
  assert.equal(await sweepSegments(house, new AbortController().signal), 0);
});
