import { CreateTopicCommand } from "@aws-sdk/client-sns";
import type { ApplicationContext } from "../application-context.ts";

/** The topic's ARN; CreateTopic makes it or answers the one that is there. */
export async function ensureTopic({ sns }: ApplicationContext, name: string, signal?: AbortSignal): Promise<string> {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }), { abortSignal: signal });
  if (TopicArn === undefined) throw new Error(`SNS answered CreateTopic of ${name} without an ARN.`);
  return TopicArn;
}
