import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { findErasedModels } from "./erased-models.ts";
import { newPersonalizeResource, type PersonalizeType, personalizeArn } from "./personalize-resource.ts";
import { openDatasetHouse } from "./testing/dataset-house.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, "0")}:00:00.000Z`;
const versionArn = personalizeArn(caller, "solution-version", "offers/00000001");
const trainingArn = personalizeArn(caller, "recommender-training", "top/00000001");

test("a model that began to be trained before users were erased is marked until another one answers", async () => {
  await using sql = await openTestSql();
  await using house = await openDatasetHouse(sql, systemClock);
  const insert = (type: PersonalizeType, name: string, body: object, status = "Completed") =>
    house.resources.insert(
      newPersonalizeResource(caller, { type, name, status, body: { datasetGroupArn: GROUP_ARN, ...body } }),
    );
  const find = async () =>
    (await findErasedModels(house.resources, caller, GROUP_ARN)).map(({ arn, ...rest }) => [
      arn.split(":").at(-1),
      ...Object.values(rest),
    ]);
  await insert("solution-version", "offers/00000001", { startedAt: at(1) });
  await insert("recommender-training", "top/00000001", { startedAt: at(3) });
  const live = (solutionVersionArn: string) => ({ live: { solutionVersionArn } });
  const campaign = await insert("campaign", "offers", live(versionArn), "ACTIVE");
  await insert("campaign", "new", {}, "CREATE PENDING");
  await insert("campaign", "old", { live: { solutionVersionArn: `${versionArn}-deleted` } }, "ACTIVE");
  const recommender = await insert("recommender", "top", { live: { solutionVersionArn: trainingArn } }, "ACTIVE");
  assert.deepEqual(await find(), []);

  await insert("data-deletion-job", "nobody", { endedAt: at(9), numDeleted: 0 });
  await insert("data-deletion-job", "failed", { endedAt: at(9) }, "Failed");
  assert.deepEqual(await find(), []);

  const { arn: first } = await insert("data-deletion-job", "first", { endedAt: at(2), numDeleted: 5 });
  const old = ["campaign/old", `${versionArn}-deleted`, first];
  assert.deepEqual(await find(), [["campaign/offers", versionArn, first], old]);
  const { arn: second } = await insert("data-deletion-job", "second", { endedAt: at(4), numDeleted: 1 });
  const marked = await find();
  assert.deepEqual(
    marked.map(([name, , job]) => [name, job]),
    [
      ["campaign/offers", second],
      ["campaign/old", second],
      ["recommender/top", second],
    ],
  );

  await insert("solution-version", "offers/00000002", { startedAt: at(5) });
  const newer = personalizeArn(caller, "solution-version", "offers/00000002");
  await house.resources.update<object>(campaign, { body: { ...campaign.body, ...live(newer) } });
  await house.resources.delete(recommender);
  assert.deepEqual(
    (await find()).map(([name]) => name),
    ["campaign/old"],
  );
});
