import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { AwsError, awsError } from "@rondo/wire";

const maxEntries = 10;

/** Runs each entry of a batch; what is refused is listed beside what succeeded. Throws for a batch that is wrong as a whole. */
export async function runBatch<Entry extends { readonly Id: string | undefined }, Result>(
  entries: readonly Entry[],
  run: (entry: Entry) => Promise<Result>,
): Promise<{ Successful: Result[]; Failed: BatchResultErrorEntry[] }> {
  if (entries.length === 0) throw awsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > maxEntries)
    throw awsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${maxEntries}. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id = "" }) => Id);
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw awsError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  if (new Set(ids).size < ids.length)
    throw awsError("BatchEntryIdsNotDistinct", "The Ids of a batch must be distinct.");
  const Successful: Result[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(await run(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id ?? "", SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
