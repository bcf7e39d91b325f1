import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateSolutionCommand,
  type CreateSolutionRequest,
  DeleteSolutionCommand,
  DescribeSolutionCommand,
  ListSolutionsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSolutionCommand,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const request: CreateSolutionRequest = {
  name: "Offers",
  datasetGroupArn: GROUP_ARN,
  recipeArn: "arn:aws:personalize:::recipe/aws-user-personalization",
  performAutoTraining: false,
};
const solutionArn = "arn:aws:personalize:eu-west-1:111122223333:solution/Offers";

async function startServer() {
  const sql = await openTestSql();
  const server = await startPersonalize(sql, await openPersonalizeHouse(sql, createManualClock()));
  const create = (changes: Partial<CreateSolutionRequest> = {}) =>
    server.client.send(new CreateSolutionCommand({ ...request, ...changes }));
  const describe = async () => (await server.client.send(new DescribeSolutionCommand({ solutionArn }))).solution;
  return { ...server, create, describe };
}

test("a solution is created once, described, listed by its group and updated", async () => {
  await using server = await startServer();
  assert.deepEqual((await server.create({ eventType: "purchase" })).solutionArn, solutionArn);
  await assert.rejects(server.create(), {
    name: "ResourceAlreadyExistsException",
    message: `Another resource with Arn ${solutionArn} already exists.`,
  });
  const { creationDateTime, lastUpdatedDateTime, ...solution } = (await server.describe()) ?? {};
  assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
  assert.deepEqual(solution, {
    name: "Offers",
    solutionArn,
    status: "ACTIVE",
    performAutoML: false,
    performHPO: false,
    performAutoTraining: false,
    recipeArn: request.recipeArn,
    datasetGroupArn: GROUP_ARN,
    eventType: "purchase",
    solutionConfig: {},
  });
  const list = async (datasetGroupArn: string) =>
    (await server.client.send(new ListSolutionsCommand({ datasetGroupArn }))).solutions?.map(({ name }) => name);
  assert.deepEqual(await list(GROUP_ARN), ["Offers"]);
  assert.deepEqual(await list(`${GROUP_ARN}-other`), []);
  const solutionUpdateConfig = { autoTrainingConfig: { schedulingExpression: "rate(3 days)" } };
  await server.client.send(new UpdateSolutionCommand({ solutionArn, performAutoTraining: true, solutionUpdateConfig }));
  const updated = await server.describe();
  assert.equal(updated?.performAutoTraining, true);
  assert.equal(updated?.solutionConfig?.autoTrainingConfig?.schedulingExpression, "rate(3 days)");
  assert.equal(updated?.latestSolutionUpdate?.status, "ACTIVE");
});

test("automatic training is on unless a request says otherwise, every seven days", async () => {
  await using server = await startServer();
  await server.create({ performAutoTraining: undefined });
  const solution = await server.describe();
  assert.equal(solution?.performAutoTraining, true);
  assert.equal(solution?.solutionConfig?.autoTrainingConfig?.schedulingExpression, "rate(7 days)");
});

const refused: readonly (readonly [Partial<CreateSolutionRequest>, RegExp])[] = [
  [{ recipeArn: undefined }, /Either recipeArn or performAutoML is required/],
  [{ performAutoML: true }, /Omit recipeArn when performAutoML is true/],
  [
    { recipeArn: "arn:aws:personalize:::recipe/aws-hrnn" },
    /Use arn:aws:personalize:::recipe\/aws-user-personalization/,
  ],
  [{ recipeArn: "arn:aws:personalize:::recipe/aws-vod-top-picks" }, /Use CreateRecommender/],
  [{ performIncrementalUpdate: true }, /performIncrementalUpdate is not supported/],
  [{ solutionConfig: { algorithmHyperParameters: { bptt: "33" } } }, /bptt must be an integer from 2 to 32, not "33"/],
  [{ solutionConfig: { algorithmHyperParameters: { depth: "3" } } }, /Unknown hyperparameter depth/],
  [
    { solutionConfig: { featureTransformationParameters: { min_user_history_length_percentile: "2" } } },
    /min_user_history_length_percentile must be a number from 0 to 1/,
  ],
  [
    { recipeArn: "arn:aws:personalize:::recipe/aws-popularity-count", performHPO: true },
    /has no hyperparameters to tune/,
  ],
  [
    {
      solutionConfig: {
        hpoConfig: {
          algorithmHyperParameterRanges: {
            integerHyperParameterRanges: [{ name: "bptt", minValue: 20, maxValue: 10 }],
          },
        },
      },
    },
    /bptt goes from 20 to 10/,
  ],
  [
    { solutionConfig: { hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: "41" } } } },
    /maxNumberOfTrainingJobs must be an integer from 1 to 40, not "41"/,
  ],
  [{ solutionConfig: { eventValueThreshold: "much" } }, /eventValueThreshold must be a number, not "much"/],
  [{ solutionConfig: { autoTrainingConfig: { schedulingExpression: "rate(31 days)" } } }, /rate\(1 day\) to rate\(30/],
  [{ solutionConfig: { optimizationObjective: { objectiveSensitivity: "LOW" } } }, /must name the itemAttribute/],
  [
    { solutionConfig: { trainingDataConfig: { excludedDatasetColumns: { INTERACTIONS: ["ITEM_ID"] } } } },
    /ITEM_ID of INTERACTIONS cannot be excluded/,
  ],
  [
    { solutionConfig: { trainingDataConfig: { excludedDatasetColumns: { Shops: ["CITY"] } } } },
    /names Shops: it must be INTERACTIONS/,
  ],
];

test("what a recipe does not have is refused with what it has", async () => {
  await using server = await startServer();
  for (const [changes, message] of refused) {
    await assert.rejects(server.create(changes), { name: "InvalidInputException", message });
  }
  await assert.rejects(server.describe(), {
    name: "ResourceNotFoundException",
    message: `Resource Arn ${solutionArn} does not exist.`,
  });
});

test("a solution needs a dataset group of its own account that is ACTIVE", async () => {
  await using server = await startServer();
  const foreign = GROUP_ARN.replace("111122223333", "444455556666");
  for (const datasetGroupArn of [`${GROUP_ARN}s`, foreign, solutionArn, "arn:aws:personalize:x:y:z"]) {
    await assert.rejects(server.create({ datasetGroupArn }), {
      name: "ResourceNotFoundException",
      message: `Resource Arn ${datasetGroupArn} does not exist.`,
    });
  }
});

test("AutoML tunes user personalization, and says which recipe it chose", async () => {
  await using server = await startServer();
  await server.create({ recipeArn: undefined, performAutoML: true });
  const solution = await server.describe();
  assert.equal(solution?.recipeArn, undefined);
  assert.equal(solution?.performHPO, true);
  assert.equal(solution?.autoMLResult?.bestRecipeArn, "arn:aws:personalize:::recipe/aws-user-personalization");
});

test("a solution that is deleted is DELETE PENDING until its kind removes it", async () => {
  await using server = await startServer();
  await server.create();
  await server.client.send(new DeleteSolutionCommand({ solutionArn }));
  assert.equal((await server.describe())?.status, "DELETE PENDING");
  await assert.rejects(server.client.send(new UpdateSolutionCommand({ solutionArn })), {
    name: "ResourceInUseException",
  });
});

test("tags are written with the resource, changed, and refused as AWS does", async () => {
  await using server = await startServer();
  await server.create({ tags: [{ tagKey: "team", tagValue: "shop" }] });
  await server.client.send(
    new TagResourceCommand({ resourceArn: solutionArn, tags: [{ tagKey: "stage", tagValue: "test" }] }),
  );
  await server.client.send(new UntagResourceCommand({ resourceArn: solutionArn, tagKeys: ["team"] }));
  const { tags } = await server.client.send(new ListTagsForResourceCommand({ resourceArn: solutionArn }));
  assert.deepEqual(tags, [{ tagKey: "stage", tagValue: "test" }]);
  const many = Array.from({ length: 50 }, (_, index) => ({ tagKey: `key${index}`, tagValue: "" }));
  const tag = (list: typeof many) =>
    server.client.send(new TagResourceCommand({ resourceArn: solutionArn, tags: list }));
  await assert.rejects(tag(many), { name: "TooManyTagsException" });
  await assert.rejects(tag([{ tagKey: "aws:x", tagValue: "" }]), { name: "InvalidInputException" });
});
