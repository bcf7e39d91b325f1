import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newDatasetExportJob } from "./dataset-export-job.ts";
import { type DatasetExportJob, describeExportJob } from "./dataset-export-job-body.ts";
import { createDatasetExportJobKind, datasetExportJobCrashPoints } from "./dataset-export-job-kind.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";
import { arnOf } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

testReconcile({
  name: "a dataset export job",
  async createWorld({ sql, clock }) {
    const house = await openDatasetHouse(sql, clock);
    const segment = await house.storeSegment(usersSchema, "USER_ID,AGE\nu1,30\n", "run");
    await house.insertDataset(usersSchema, { segments: [segment] });
    const datasetArn = arnOf("dataset/shop/USERS");
    const jobOutput = { s3DataDestination: { path: "s3://data/exports/" } };
    const request = { jobName: "export", datasetArn, ingestionMode: "ALL", jobOutput, roleArn: "" } as const;
    const row = newDatasetExportJob(request, { datasetArn, datasetGroupArn: GROUP_ARN }, caller, {
      clock,
      createId: () => "id",
    });
    return {
      kind: createDatasetExportJobKind(house.kindDependencies),
      resource: newPersonalizeResource(caller, row),
      observe: async () => ({
        exported: (await house.readObject("exports/export.csv")).toString(),
        leftovers: await house.leftovers(),
      }),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: datasetExportJobCrashPoints,
  outcome: (resource) => {
    const { status, failureReason } = describeExportJob(resource as Resource<object> as DatasetExportJob);
    return { status, failureReason };
  },
});
