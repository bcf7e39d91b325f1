import { testReconcile } from "@rondo/control/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { type Dataset, type DatasetBody, datasetName, describeDataset } from "./dataset-body.ts";
import {
  createDatasetKind,
  datasetCrashPoints,
  datasetDeletionCrashPoints,
  datasetUpdateCrashPoints,
} from "./dataset-kind.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { segmentKey } from "./storage.ts";
import { openDatasetHouse, usersSchema } from "./testing/dataset-house.ts";
import { AGE, arnOf, avro, USER_ID } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const NAME = datasetName("shop", "Users");
const PLAN = { name: "PLAN", type: ["null", "string"] };
const AT = "2026-01-01T00:00:00.000Z";

const update = (schema: string): Partial<DatasetBody> => ({
  latestUpdate: { schemaArn: arnOf(`schema/${schema}`), status: "CREATE PENDING", createdAt: AT, updatedAt: AT },
});

const scenes = [
  { name: "a dataset that is created", status: "CREATE PENDING", changes: {}, crashPoints: datasetCrashPoints },
  {
    name: "a dataset that gets another schema",
    status: "ACTIVE",
    changes: update("plans"),
    crashPoints: datasetUpdateCrashPoints,
  },
  {
    name: "a dataset whose new schema is gone",
    status: "ACTIVE",
    changes: update("gone"),
    crashPoints: datasetUpdateCrashPoints,
  },
  { name: "a dataset that is deleted", status: "DELETE PENDING", changes: {}, crashPoints: datasetDeletionCrashPoints },
];

for (const { name, status, changes, crashPoints } of scenes) {
  testReconcile({
    name,
    crashPoints,
    async createWorld({ sql, clock }) {
      const house = await openDatasetHouse(sql, clock);
      const schema = {
        type: "schema",
        name: "plans",
        status: "ACTIVE",
        body: { schema: avro("Users", [USER_ID, AGE, PLAN]) },
      } as const;
      await house.resources.insert(newPersonalizeResource(caller, schema));
      const key = segmentKey(NAME, "run");
      await house.storage.put(caller, key, Buffer.from("rows"));
      await house.records.put(await house.groupId(), [{ dataset: "Users", userId: "u1", content: {} }]);
      const job = {
        type: "dataset-import-job",
        name: "import",
        status: "Completed",
        body: { datasetArn: arnOf(`dataset/${NAME}`) },
      } as const;
      await house.resources.insert(newPersonalizeResource(caller, job));
      const body: DatasetBody = {
        datasetName: "people",
        datasetGroupArn: GROUP_ARN,
        schemaArn: arnOf("schema/users"),
        schema: usersSchema,
        segments: [{ key, rows: 1, follows: 0 }],
        listedRuns: [],
        ...changes,
      };
      return {
        kind: createDatasetKind(house),
        resource: newPersonalizeResource(caller, { type: "dataset", name: NAME, status, body, due: "now" }),
        observe: async () => ({
          keys: await house.storedKeys(),
          records: await house.records.count(await house.groupId()),
          imports: (await house.resources.list({ ...caller, type: "personalize/dataset-import-job", limit: 10 }))
            .resources.length,
        }),
        close: () => house[Symbol.asyncDispose](),
      };
    },
    outcome: (resource) => {
      if (resource === undefined) return undefined;
      const { body, ...row } = resource as object as Dataset;
      const { latestDatasetUpdate, schemaArn, status: ended } = describeDataset({ ...row, body });
      const { status: updated, failureReason } = latestDatasetUpdate ?? {};
      return { ended, schemaArn, fields: body.schema.fields.length, updated, failureReason };
    },
  });
}
