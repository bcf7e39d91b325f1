import { testReconcile } from "@rondo/control/testing";
import type { SubscriptionStatus } from "./subscription-body.ts";
import { createSubscriptionKind } from "./subscription-kind.ts";
import { subscriptionType } from "./topic-arn.ts";

const outcomes: Readonly<Record<SubscriptionStatus, string>> = {
  PendingConfirmation: "is deleted when its time is over",
  Confirmed: "stays",
};

for (const [status, outcome] of Object.entries(outcomes)) {
  testReconcile({
    name: `a subscription that is ${status} ${outcome}; it`,
    crashPoints: [],
    createWorld: ({ resources, clock }) => ({
      kind: createSubscriptionKind({ resources }) as never,
      resource: {
        accountId: "111122223333",
        region: "eu-west-1",
        type: subscriptionType,
        name: "news/1",
        arn: "arn:aws:sns:eu-west-1:111122223333:news:1",
        status,
        body: {},
        due: new Date(clock.now().getTime() + 48 * 3_600_000),
      },
      observe: async () => {
        const owner = { accountId: "111122223333", region: "eu-west-1" };
        const known = await resources.find(owner, subscriptionType, "news/1");
        if ((known !== undefined) !== (status === "Confirmed"))
          throw new Error(`The subscription ${status} does not do: ${outcome}`);
        return known?.status;
      },
    }),
  });
}
