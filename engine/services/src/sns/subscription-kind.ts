import type { ResourceKind } from "@rondo/control";
import type { Resources } from "@rondo/store";
import type { SubscriptionBody } from "./subscription-body.ts";
import { subscriptionType } from "./topic-arn.ts";

/** A subscription is due when its time to be confirmed is over; then it is deleted. */
export function createSubscriptionKind({
  resources,
}: {
  readonly resources: Pick<Resources, "delete">;
}): ResourceKind<SubscriptionBody> {
  return {
    type: subscriptionType,
    async reconcile(subscription) {
      if (subscription.status === "PendingConfirmation") await resources.delete(subscription);
      return { due: null };
    },
    giveUp: () => ({ due: null }),
  };
}
