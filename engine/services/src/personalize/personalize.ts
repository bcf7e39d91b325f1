import { createRequire } from "node:module";
import type { Objects } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { personalizeConstraints } from "./constraints.ts";
import type { PersonalizeStore } from "./personalize-resource.ts";
import { createPersonalizeTagOperations } from "./tags.ts";

const require = createRequire(import.meta.url);

/** What Personalize's operations need of the house. */
export interface PersonalizeDependencies extends PersonalizeStore {
  readonly objects: Objects;
  readonly clock: { now(): Date };
}

/** Personalize's control plane: every operation of it that Rondo answers. */
export function createPersonalizeService(dependencies: PersonalizeDependencies): ServiceDefinition {
  const tags = createPersonalizeTagOperations(dependencies);
  return {
    id: "personalize",
    signingName: "personalize",
    targetPrefix: "AmazonPersonalize",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-personalize") as SdkModule,
    client: "PersonalizeClient",
    operations: {
      TagResource: tags.tagResource,
      UntagResource: tags.untagResource,
      ListTagsForResource: tags.listTagsForResource,
    },
    constraints: personalizeConstraints,
    validationErrorCode: "InvalidInputException",
    notHonoured: {},
  };
}
