import type { InternalRoute } from "@rondo/wire";
import { AwsError } from "@rondo/wire";
import { confirm, unsubscribeByLink } from "./subscription.ts";
import type { TopicDependencies } from "./topic-resource.ts";

/**
 * Answers the links of messages (SubscribeURL, UnsubscribeURL). They are not signed: each carries a secret of its own, which only the subscriber got.
 */
export function createSubscriptionRoute(dependencies: TopicDependencies): InternalRoute {
  return async (request, response) => {
    const query = new URL(request.url ?? "/", "http://localhost").searchParams;
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
      response.end(`${text}\n`);
    };
    const token = query.get("Token") ?? "";
    if (query.get("Action") === "Unsubscribe") {
      const isEnded = await unsubscribeByLink(dependencies, { arn: query.get("SubscriptionArn") ?? "", token });
      return isEnded
        ? answer(200, "The subscription is ended.")
        : answer(404, "There is no such subscription to end by this link.");
    }
    if (query.get("Action") !== "ConfirmSubscription")
      return answer(400, "Action must be ConfirmSubscription or Unsubscribe.");
    try {
      const topicArn = query.get("TopicArn") ?? "";
      const byLink = { wasAuthenticated: false, authenticatesUnsubscribe: false };
      answer(200, `The subscription is confirmed: ${await confirm(dependencies, { topicArn, token }, byLink)}`);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answer(404, "There is no subscription to confirm by this link.");
    }
  };
}
