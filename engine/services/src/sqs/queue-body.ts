/** What of a queue may be set, with SQS's defaults, as text. */
export const defaultQueueAttributes = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
} as const;

export type QueueAttributes = Readonly<Record<keyof typeof defaultQueueAttributes, string>> & {
  /** JSON. */
  readonly RedrivePolicy?: string;
  readonly Policy?: string;
};

export interface QueueBody {
  readonly attributes: QueueAttributes;
}
