import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newDataDeletionJob } from "./data-deletion-job.ts";
import { type DataDeletionJob, describeDeletionJob } from "./data-deletion-job-body.ts";
import { createDataDeletionJobKind, dataDeletionJobCrashPoints } from "./data-deletion-job-kind.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { type DatasetHouse, interactionsSchema, openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const CLICKS = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n";

/** Two segments of clicks, one of users, and single events of the users `u1` and `u2`. */
async function fill(house: DatasetHouse): Promise<void> {
  const first = await house.storeSegment(
    interactionsSchema,
    `${CLICKS}u1,a,1,Click\nu2,b,2,Click\nu1,c,3,Click\n`,
    "first",
  );
  const second = await house.storeSegment(interactionsSchema, `${CLICKS}u3,a,4,Click\n`, "second");
  await house.insertDataset(interactionsSchema, { segments: [first, second] });
  const users = await house.storeSegment(usersSchema, "USER_ID,AGE\nu1,30\n", "users");
  await house.insertDataset(usersSchema, { segments: [users] });
  const content = { ITEM_ID: "d", EVENT_TYPE: "Click", TIMESTAMP: 5 };
  const event = { dataset: "Interactions", content };
  await house.records.put(await house.groupId(), [
    { ...event, userId: "u1" },
    { ...event, userId: "u2" },
    { ...event, sessionId: "s", userId: "u1" },
  ]);
  await house.putObject("ids.csv", "USER_ID\nu1\nu9\n");
}

testReconcile({
  name: "a data deletion job",
  async createWorld({ sql, clock }) {
    const house = await openDatasetHouse(sql, clock);
    await fill(house);
    const dataSource = { dataLocation: "s3://data/ids.csv" };
    const request = { jobName: "erase", datasetGroupArn: GROUP_ARN, dataSource, roleArn: "" };
    const row = newDataDeletionJob(request, caller, { clock, createId: () => "id" });
    return {
      kind: createDataDeletionJobKind(house.kindDependencies),
      resource: newPersonalizeResource(caller, row),
      observe: async () => {
        const events = await house.records.listAfter({ groupId: await house.groupId(), after: 0, limit: 10 });
        return {
          clicks: await house.readRows("Interactions"),
          users: await house.readRows("Users"),
          events: events.map(({ userId }) => userId),
          keys: await house.storedKeys(),
          leftovers: await house.leftovers(),
        };
      },
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: dataDeletionJobCrashPoints,
  outcome: (resource) => {
    const { status, numDeleted, failureReason } = describeDeletionJob(resource as Resource<object> as DataDeletionJob);
    return { status, numDeleted, failureReason };
  },
});
