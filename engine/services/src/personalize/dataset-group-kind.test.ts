import { testReconcile } from "@rondo/control/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import {
  createDatasetGroupKind,
  datasetGroupCrashPoints,
  datasetGroupDeletionCrashPoints,
} from "./dataset-group-kind.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { openDatasetHouse } from "./testing/dataset-house.ts";
import { arnOf } from "./testing/dataset-server.ts";

const scenes = [
  { name: "a dataset group that is created", status: "CREATE PENDING", crashPoints: datasetGroupCrashPoints },
  { name: "a dataset group that is deleted", status: "DELETE PENDING", crashPoints: datasetGroupDeletionCrashPoints },
];

for (const { name, status, crashPoints } of scenes) {
  testReconcile({
    name,
    crashPoints,
    async createWorld({ sql, clock }) {
      const house = await openDatasetHouse(sql, clock);
      const datasetGroupArn = arnOf("dataset-group/films");
      const filters = ["one", "two"].map(
        (filter) => ({ type: "filter", name: filter, status: "ACTIVE", body: { datasetGroupArn } }) as const,
      );
      for (const filter of filters) await house.resources.insert(newPersonalizeResource(caller, filter));
      const group = { type: "dataset-group", name: "films", status, body: {}, due: "now" } as const;
      return {
        kind: createDatasetGroupKind(house),
        resource: newPersonalizeResource(caller, group),
        observe: async () => {
          const page = await house.resources.list({ ...caller, type: "personalize/filter", limit: 10 });
          return page.resources.map((filter) => filter.name);
        },
        close: () => house[Symbol.asyncDispose](),
      };
    },
  });
}
