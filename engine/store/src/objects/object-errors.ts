import { StoreError } from "../store-error.ts";
import type { BucketRef, ObjectRef } from "./objects.ts";

/** S3's refusals that several operations share, with its own words and fields. */
export function noSuchBucket({ bucket }: BucketRef): StoreError {
  return new StoreError("NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });
}

export function noSuchKey({ key }: Pick<ObjectRef, "key">): StoreError {
  return new StoreError("NoSuchKey", "The specified key does not exist.", { Key: key });
}

export function preconditionFailed(condition: string): StoreError {
  return new StoreError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });
}
