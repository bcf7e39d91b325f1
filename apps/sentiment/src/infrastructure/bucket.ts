import { CreateBucketCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import { isNotFound } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import { ServiceError } from "../web/service-error.ts";

/** Makes the bucket unless it is there. Throws when its name belongs to somebody else. */
export async function ensureBucket(
  { session }: ApplicationContext,
  bucket: string,
  signal?: AbortSignal,
): Promise<void> {
  const region = await session.region();
  try {
    await session.s3.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal });
  } catch (error) {
    if (!isNotFound(error)) throw explain(error, bucket);
    // S3 refuses its own first region as a constraint.
    const constraint =
      region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } };
    try {
      await session.s3.send(new CreateBucketCommand({ Bucket: bucket, ...constraint }), { abortSignal: signal });
    } catch (failure) {
      // Another start of this account made it in the meantime.
      if (!(failure instanceof Error && failure.name === "BucketAlreadyOwnedByYou")) throw explain(failure, bucket);
    }
  }
}

function explain(error: unknown, bucket: string): unknown {
  const { name = "" } = error as { name?: string };
  if (name !== "BucketAlreadyExists" && name !== "Forbidden" && name !== "403") return error;
  const message = `The bucket name ${bucket} is somebody else's. Choose another prefix: PROJECT_NAME or S3_BUCKET.`;
  return new ServiceError(409, "BucketTaken", message, { cause: error });
}
