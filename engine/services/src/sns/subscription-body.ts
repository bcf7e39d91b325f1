import type { TopicMessage } from "./topic-message.ts";

export const protocols = ["http", "https", "email", "email-json", "sqs"] as const;
export type SubscriptionProtocol = (typeof protocols)[number];

export type SubscriptionStatus = "PendingConfirmation" | "Confirmed";

/** What of a subscription may be set, in the API's words and as text. */
export const settableSubscriptionAttributes = [
  "DeliveryPolicy",
  "FilterPolicy",
  "FilterPolicyScope",
  "RawMessageDelivery",
  "RedrivePolicy",
] as const;

export type SubscriptionAttributes = Readonly<Partial<Record<(typeof settableSubscriptionAttributes)[number], string>>>;

/** The row of a subscription; its status is a SubscriptionStatus. */
export interface SubscriptionBody {
  readonly protocol: SubscriptionProtocol;
  readonly endpoint: string;
  readonly attributes: SubscriptionAttributes;
  /** Secrets that only the subscriber gets: the one confirms, the other ends the subscription. */
  readonly token: string;
  readonly unsubscribeToken: string;
  /** Whether a signed ConfirmSubscription confirmed it. */
  readonly wasAuthenticated: boolean;
  /** Then only a signed request ends it, not the link. */
  readonly authenticatesUnsubscribe: boolean;
}

export interface TopicBody {
  /** What was set: DisplayName, Policy, DeliveryPolicy … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The row of a message on its way to one subscriber. */
export interface DeliveryBody {
  readonly kind: "Notification" | "SubscriptionConfirmation";
  readonly messageId: string;
  readonly topicArn: string;
  /** Name of the subscription's row. */
  readonly subscription: string;
  /** ISO. */
  readonly publishedAt: string;
  /** For this subscriber's protocol; empty for a confirmation. */
  readonly message: string;
  readonly subject?: string;
  readonly attributes: TopicMessage["attributes"];
  /** Failed attempts so far. */
  readonly failures: number;
}
