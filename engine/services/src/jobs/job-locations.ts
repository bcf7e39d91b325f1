import { ClientError } from "@rondo/images";
import { parseS3Uri } from "@rondo/run";
import { type Objects, StoreError } from "@rondo/store";
import type { Job } from "./job-run.ts";

/** Where a container sees its directory. */
export const CONTAINER_DIRECTORY = "/opt/ml";

/** Why a job could not write to an S3 location; undefined when its bucket is there. */
export async function findOutputProblem(objects: Objects, job: Job, uri: string): Promise<string | undefined> {
  const bucket = parseS3Uri(uri)?.bucket ?? "";
  if ((await objects.findBucket({ accountId: job.accountId, bucket })) !== undefined) return undefined;
  return `ClientError: The output location ${uri} cannot be written: the bucket ${bucket} does not exist.`;
}

/** Turns what S3 refuses into a ClientError: the bucket is gone, or the program left what cannot be stored. */
export async function uploadTo<Result>(location: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError) || !/^(NoSuch|Invalid|KeyTooLong|EntityTooLarge)/.test(error.code)) throw error;
    throw new ClientError(`Artifact upload to ${location} failed: ${error.code}: ${error.message}`);
  }
}
