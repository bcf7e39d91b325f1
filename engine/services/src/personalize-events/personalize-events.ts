import { createRequire } from "node:module";
import type { DatasetRecords, Resources } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { personalizeEventsConstraints } from "./constraints.ts";
import { createPutActionInteractions } from "./put-action-interactions.ts";
import { createPutEntities } from "./put-entities.ts";
import { createPutEvents } from "./put-events.ts";
import type { PutRecords } from "./put-records.ts";
import { createTargetDatasets } from "./target-datasets.ts";

const require = createRequire(import.meta.url);

/** Personalize Events: records that come one by one. */
export function createPersonalizeEventsService(dependencies: {
  readonly resources: Resources;
  readonly datasetRecords: DatasetRecords;
  readonly campaigns: { readonly shown: PutRecords["shown"] };
  readonly clock: { now(): Date };
}): ServiceDefinition {
  const { datasetRecords: records, clock, campaigns } = dependencies;
  const put = { records, clock, shown: campaigns.shown, targets: createTargetDatasets(dependencies) };
  const { putItems, putUsers, putActions } = createPutEntities(put);
  return {
    id: "personalize-events",
    signingName: "personalize",
    protocols: ["rest-json"],
    paths: /^\/(events|items|users|actions|action-interactions)$/,
    load: () => require("@aws-sdk/client-personalize-events") as SdkModule,
    client: "PersonalizeEventsClient",
    operations: {
      PutEvents: createPutEvents(put),
      PutItems: putItems,
      PutUsers: putUsers,
      PutActions: putActions,
      PutActionInteractions: createPutActionInteractions(put),
    },
    constraints: personalizeEventsConstraints,
    validationErrorCode: "InvalidInputException",
    notHonoured: {
      PutEvents: "Properties without a column in the schema of Interactions are ignored.",
      PutActionInteractions: "Properties without a column in the schema of Action_Interactions are ignored.",
    },
  };
}
