import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ClientError } from "@rondo/images";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { type StageDatasetsOptions, stageDatasets } from "./stage-datasets.ts";
import { segmentKey } from "./storage.ts";
import { interactionsSchema, openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

async function openStage() {
  const sql = await openTestSql();
  const house = await openDatasetHouse(sql, systemClock);
  const directory = await mkdtemp(join(tmpdir(), "stage-"));
  const options = { owner: caller, datasetGroupArn: GROUP_ARN, directory, signal: new AbortController().signal };
  return {
    house,
    directory,
    stage: (changes: Partial<StageDatasetsOptions> = {}) => stageDatasets(house, { ...options, ...changes }),
    read: (path: string) => readFile(join(directory, "input/data", path), "utf8"),
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true });
      await house[Symbol.asyncDispose]();
      await sql.close();
    },
  };
}

describe("staging datasets", () => {
  test("lays down segments in their order and what was put, up to the number that is newest", async () => {
    await using stage = await openStage();
    const { house } = stage;
    const keys = ["first-1", "second-2"].map((run) => segmentKey("shop/INTERACTIONS", run));
    for (const key of keys) await house.storage.put(caller, key, Buffer.from(key));
    const segments = keys.map((key, index) => ({ key, rows: 1, follows: index * 7 }));
    await house.insertDataset(interactionsSchema, { segments });
    await house.insertDataset(usersSchema);
    const content = { ITEM_ID: "i1", EVENT_TYPE: "Watch", TIMESTAMP: 1 };
    const groupId = await house.groupId();
    await house.records.put(groupId, [
      { dataset: "Interactions", sessionId: "s1", content },
      { dataset: "Users", userId: "u1", content: { AGE: 3 } },
    ]);
    const { eventsUpTo, datasets } = await stage.stage();
    assert.equal(eventsUpTo, 2);
    assert.deepEqual(
      datasets.map(({ name }) => name),
      ["shop/INTERACTIONS", "shop/USERS"],
    );
    assert.equal(await stage.read("Interactions/000000.parquet"), keys[0]);
    assert.equal(await stage.read("Interactions/000001.parquet"), keys[1]);
    assert.equal(await stage.read("Interactions/order.json"), "[0,7]");
    assert.deepEqual(JSON.parse(await stage.read("Interactions/schema.json")), interactionsSchema);
    assert.deepEqual(JSON.parse(await stage.read("Interactions/events.jsonl")), {
      number: 1,
      userId: "s1",
      values: content,
    });
    assert.deepEqual(JSON.parse(await stage.read("Users/events.jsonl")), {
      number: 2,
      userId: "u1",
      values: { AGE: 3 },
    });
    assert.deepEqual(JSON.parse(await stage.read("dataset-group.json")), { eventsUpTo: 2 });
  });

  test("begins anew when it is repeated, and leaves out what is not asked for", async () => {
    await using stage = await openStage();
    const { house } = stage;
    const key = segmentKey("shop/USERS", "run");
    await house.storage.put(caller, key, Buffer.from("rows"));
    const users = await house.insertDataset(usersSchema, { segments: [{ key, rows: 1, follows: 0 }] });
    await house.insertDataset(interactionsSchema);
    await stage.stage({ types: ["Users"] });
    await house.resources.update(users, { body: { ...users.body, segments: [] } });
    const { eventsUpTo } = await stage.stage({ types: ["Users"] });
    assert.equal(eventsUpTo, 0);
    assert.deepEqual(await readdir(join(stage.directory, "input/data")), ["Users", "dataset-group.json"]);
    assert.deepEqual((await readdir(join(stage.directory, "input/data/Users"))).toSorted(), [
      "events.jsonl",
      "order.json",
      "schema.json",
    ]);
  });

  test("pages through many records", async () => {
    await using stage = await openStage();
    const { house } = stage;
    await house.insertDataset(interactionsSchema);
    const groupId = await house.groupId();
    const content = { ITEM_ID: "i1", EVENT_TYPE: "Watch", TIMESTAMP: 1 };
    const record = { dataset: "Interactions", userId: "u1", content };
    await house.records.put(
      groupId,
      Array.from({ length: 6000 }, () => record),
    );
    const { eventsUpTo } = await stage.stage();
    assert.equal(eventsUpTo, 6000);
    const numbers = (await stage.read("Interactions/events.jsonl"))
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { number: number }).number);
    assert.deepEqual(
      numbers,
      Array.from({ length: 6000 }, (_, index) => index + 1),
    );
  });

  test("copies what is listed by then when a segment vanishes, and gives up when it is gone for good", async () => {
    await using stage = await openStage();
    const { house } = stage;
    const key = segmentKey("shop/USERS", "run");
    const users = await house.insertDataset(usersSchema, { segments: [{ key: `${key}-gone`, rows: 1, follows: 0 }] });
    await house.storage.put(caller, key, Buffer.from("rows"));
    await assert.rejects(stage.stage(), { code: "NoSuchKey" });
    let reads = 0;
    const resources = {
      ...house.resources,
      async list(query: Parameters<typeof house.resources.list>[0]) {
        const page = await house.resources.list(query);
        reads += 1;
        if (reads === 1)
          await house.resources.update(users, { body: { ...users.body, segments: [{ key, rows: 1, follows: 0 }] } });
        return page;
      },
    };
    const { signal } = new AbortController();
    const options = { owner: caller, datasetGroupArn: GROUP_ARN, directory: stage.directory, signal };
    await stageDatasets({ ...house, resources: resources as typeof house.resources }, options);
    assert.equal(await stage.read("Users/000000.parquet"), "rows");
  });

  test("fails for a group that is gone", async () => {
    await using stage = await openStage();
    const datasetGroupArn = GROUP_ARN.replace("shop", "gone");
    await assert.rejects(
      stage.stage({ datasetGroupArn }),
      (error) => error instanceof ClientError && /gone has been deleted/.test(error.message),
    );
  });
});
