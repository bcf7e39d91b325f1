import assert from "node:assert/strict";
import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { caller } from "../sagemaker/testing/job-house.ts";
import { datasetName } from "./dataset-body.ts";
import { newDatasetImportJob } from "./dataset-import-job.ts";
import { type DatasetImportJob, describeImportJob } from "./dataset-import-job-body.ts";
import { createDatasetImportJobKind, datasetImportJobCrashPoints } from "./dataset-import-job-kind.ts";
import { newPersonalizeResource, personalizeArn } from "./personalize-resource.ts";
import { segmentKey } from "./storage.ts";
import { openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const NAME = datasetName("shop", "Users");
const datasetArn = personalizeArn(caller, "dataset", NAME);

for (const importMode of ["FULL", "INCREMENTAL"] as const) {
  testReconcile({
    name: `a dataset import job, ${importMode}`,
    async createWorld({ sql, clock }) {
      const house = await openDatasetHouse(sql, clock);
      const former = segmentKey(NAME, "former");
      await house.storage.put(caller, former, Buffer.from("rows"));
      await house.insertDataset(usersSchema, { segments: [{ key: former, rows: 4, follows: 0 }] });
      await house.putObject("users/a.csv", "USER_ID,AGE\nu1,30\nu2,old\n");
      await house.putObject("users/b.csv", "USER_ID,AGE\nu3,\n");
      const dataSource = { dataLocation: "s3://data/users/" };
      const request = { jobName: "import", datasetArn, dataSource, importMode, roleArn: "" };
      const own = { datasetArn, datasetGroupArn: GROUP_ARN, follows: 7 };
      const row = newDatasetImportJob(request, own, caller, { clock, createId: () => "id" });
      return {
        kind: createDatasetImportJobKind(house.kindDependencies),
        resource: newPersonalizeResource(caller, row),
        observe: async () => ({
          dataset: await house.dataset("Users"),
          keys: await house.storedKeys(),
          leftovers: await house.leftovers(),
        }),
        close: () => house[Symbol.asyncDispose](),
      };
    },
    crashPoints: datasetImportJobCrashPoints,
    outcome: (resource) => {
      const job = resource as Resource<object> as DatasetImportJob;
      assert.deepEqual(job.body.imported?.rows, 2);
      const { status, failureReason } = describeImportJob(job);
      return { status, failureReason };
    },
  });
}
