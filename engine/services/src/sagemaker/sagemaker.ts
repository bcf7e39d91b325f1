import { createRequire } from "node:module";
import type { Resources, Sql } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createTagOperations, tagConstraints } from "./tags.ts";

const require = createRequire(import.meta.url);

/** What SageMaker's operations need of the house. */
export interface SageMakerDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** SageMaker's control plane: every operation of it that Rondo answers. */
export function createSageMakerService(dependencies: SageMakerDependencies): ServiceDefinition {
  const tags = createTagOperations(dependencies);
  return {
    id: "sagemaker",
    signingName: "sagemaker",
    targetPrefix: "SageMaker",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-sagemaker") as SdkModule,
    client: "SageMakerClient",
    operations: {
      AddTags: tags.addTags,
      DeleteTags: tags.deleteTags,
      ListTags: tags.listTags,
    },
    constraints: { ...tagConstraints },
    notHonoured: {},
  };
}
