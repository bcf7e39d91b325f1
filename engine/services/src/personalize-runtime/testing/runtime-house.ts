import { PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { type CampaignHouse, campaignOwner, openCampaignHouse } from "@rondo/serve/testing";
import { silentLogger, systemClock } from "@rondo/store";
import { createWireServer } from "@rondo/wire";
import { createPersonalizeRuntimeService } from "../personalize-runtime.ts";
import { createRecommendationsRoute } from "../recommendations-route.ts";

const key = { accessKeyId: "AKIDRUNTIME", secretAccessKey: "runtime-secret" };
const arn = `arn:aws:iam::${campaignOwner.accountId}:user/runtime`;

export interface RuntimeHouse extends CampaignHouse {
  readonly runtime: PersonalizeRuntimeClient;
}

/** Personalize Runtime on a free port, over campaigns of a few items; by the direct route as in the product, or by the schemas alone. */
export async function openRuntimeHouse(path: "direct" | "schemas" = "direct"): Promise<RuntimeHouse> {
  const house = await openCampaignHouse();
  const wire = createWireServer({
    services: [createPersonalizeRuntimeService(house)],
    directRoutes: path === "direct" ? [createRecommendationsRoute(house)] : [],
    credentials: {
      find: (id) => (id === key.accessKeyId ? { ...key, accountId: campaignOwner.accountId, arn } : undefined),
    },
    clock: systemClock,
    logger: silentLogger,
  });
  const { url } = await wire.listen({ host: "127.0.0.1", port: 0 });
  return {
    ...house,
    runtime: new PersonalizeRuntimeClient({
      endpoint: url,
      region: campaignOwner.region,
      credentials: key,
      maxAttempts: 1,
    }),
    async [Symbol.asyncDispose]() {
      await wire.close(1000);
      await house[Symbol.asyncDispose]();
    },
  };
}
