import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { isNotFound } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import { bucketPolicy } from "./execution-role.ts";

type BucketContext = Pick<ApplicationContext, "s3" | "settings">;

/** Makes the bucket, with the policy that Personalize wants, unless it is there. */
export async function ensureBucket({ s3, settings }: BucketContext): Promise<void> {
  const { bucket: Bucket, region } = settings;
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  // S3 refuses its own first region as a constraint.
  const constraint = region === undefined || region === "us-east-1" ? undefined : region;
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      ...(constraint !== undefined && {
        CreateBucketConfiguration: { LocationConstraint: constraint as BucketLocationConstraint },
      }),
    }),
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: bucketPolicy(Bucket) }));
}

/** Writes an object; returns its URI. */
export async function putText({ s3, settings }: BucketContext, key: string, text: string): Promise<string> {
  await s3.send(new PutObjectCommand({ Bucket: settings.bucket, Key: key, Body: text }));
  return `s3://${settings.bucket}/${key}`;
}

/** The lines of all objects under a prefix whose keys have the ending, object by object. */
export async function* readLines(
  { s3, settings }: BucketContext,
  { prefix, ending }: { readonly prefix: string; readonly ending: string },
): AsyncGenerator<string> {
  const { bucket: Bucket } = settings;
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken }));
    for (const { Key = "" } of page.Contents ?? []) {
      if (!Key.endsWith(ending)) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString()) ?? "";
      yield* text.split("\n").filter((line) => line !== "");
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** Deletes all objects under a prefix: what an import or a batch job has read and written is of no more use, and names customers. */
export async function deleteFolder({ s3, settings }: BucketContext, prefix: string): Promise<void> {
  const { bucket: Bucket } = settings;
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) throw new Error(`${Errors[0]?.Key} cannot be deleted: ${Errors[0]?.Message}`);
  }
}
