import type {
  PublishBatchInput,
  PublishBatchRequestEntry,
  PublishBatchResponse,
  PublishInput,
  PublishResponse,
} from "@aws-sdk/client-sns";
import type { Sql } from "@rondo/store";
import { AwsError, awsError, type Caller } from "@rondo/wire";
import { messageBytes } from "../message-size.ts";
import { readMessageAttributes } from "./message-attributes.ts";
import type { Publisher } from "./publisher.ts";
import { invalidParameter, topicNotFound } from "./sns-error.ts";
import { parseTopicArn } from "./topic-arn.ts";
import type { TopicMessage } from "./topic-message.ts";

export interface PublishDependencies {
  readonly sql: Sql;
  readonly publisher: Publisher;
}

const maxBytes = 256 * 1024;
const maxSubject = 100;
const maxEntries = 10;

type Message = Pick<
  PublishBatchRequestEntry,
  "Message" | "Subject" | "MessageStructure" | "MessageAttributes" | "MessageDeduplicationId"
>;

/** Publish and PublishBatch. A message is accepted when the rows of all its deliveries are on disk. */
export function createPublishOperations({ sql, publisher }: PublishDependencies) {
  async function send(arn: string, message: TopicMessage): Promise<string> {
    const prepared = await publisher.prepare(arn, message);
    if (prepared === undefined) throw topicNotFound();
    return await sql.transaction(prepared);
  }

  async function publish(input: PublishInput, caller: Caller): Promise<PublishResponse> {
    if (input.PhoneNumber !== undefined) throw invalidParameter("PhoneNumber Reason: Rondo sends no text messages");
    const arn = checkTopic(input.TopicArn ?? input.TargetArn, caller);
    if (messageBytes(input.Message, input.MessageAttributes) > maxBytes) throw invalidParameter("Message too long");
    return { MessageId: await send(arn, readMessage(input)) };
  }

  async function publishBatch(input: PublishBatchInput, caller: Caller): Promise<PublishBatchResponse> {
    const arn = checkTopic(input.TopicArn, caller);
    const entries = input.PublishBatchRequestEntries ?? [];
    checkEntries(entries);
    const Successful: NonNullable<PublishBatchResponse["Successful"]> = [];
    const Failed: NonNullable<PublishBatchResponse["Failed"]> = [];
    for (const entry of entries) {
      const { Id } = entry;
      try {
        Successful.push({ Id, MessageId: await send(arn, readMessage(entry)) });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== "InvalidParameterException") throw error;
        Failed.push({ Id, Code: "InvalidParameter", Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }

  return { publish, publishBatch };
}

function checkTopic(arn: string | undefined, caller: Caller): string {
  if (arn === undefined) throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
  const topic = parseTopicArn(arn);
  if (topic === undefined) throw invalidParameter("TopicArn Reason: it must be the ARN of a topic");
  if (topic.owner.accountId !== caller.accountId || topic.owner.region !== caller.region) throw topicNotFound();
  return arn;
}

function checkEntries(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0)
    throw awsError("EmptyBatchRequestException", "The batch request doesn't contain any entries.");
  if (entries.length > maxEntries)
    throw awsError(
      "TooManyEntriesInBatchRequestException",
      "The batch request contains more entries than permissible.",
    );
  const ids = entries.map(({ Id = "" }) => Id);
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw awsError(
      "InvalidBatchEntryIdException",
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  if (new Set(ids).size < ids.length)
    throw awsError("BatchEntryIdsNotDistinctException", "Two or more batch entries in the request have the same Id.");
  const bytes = entries
    .map(({ Message: text, MessageAttributes: attributes }) => messageBytes(text, attributes))
    .reduce((sum, size) => sum + size, 0);
  if (bytes > maxBytes)
    throw awsError(
      "BatchRequestTooLongException",
      "The length of all the batch messages put together is more than the limit.",
    );
}

/** The message of a request. Throws InvalidParameter. */
function readMessage(input: Message): TopicMessage {
  const { Message: text = "", Subject: subject, MessageStructure: structure } = input;
  if (text === "") throw invalidParameter("Empty message");
  if (subject !== undefined && (subject === "" || subject.length > maxSubject || /[\p{Cc}]/u.test(subject)))
    throw invalidParameter("Subject");
  if (input.MessageDeduplicationId !== undefined)
    throw invalidParameter(
      "MessageDeduplicationId Reason: The request includes a parameter that is not valid for this topic type",
    );
  if (structure !== undefined && structure !== "json")
    throw invalidParameter("Message Structure - Only json is supported");
  const attributes = readMessageAttributes(input.MessageAttributes ?? {});
  const byProtocol = structure === "json" ? readStructure(text) : undefined;
  return { subject, message: byProtocol?.default ?? text, byProtocol, attributes };
}

function readStructure(text: string): Readonly<Record<string, string>> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
  const entries = typeof document === "object" && document !== null ? Object.entries(document) : [];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (!texts.some(([key]) => key === "default"))
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  return Object.fromEntries(texts);
}
