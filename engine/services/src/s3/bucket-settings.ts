import type {
  DeleteBucketPolicyRequest,
  DeleteBucketTaggingRequest,
  GetBucketPolicyOutput,
  GetBucketPolicyRequest,
  GetBucketTaggingOutput,
  GetBucketTaggingRequest,
  GetBucketVersioningOutput,
  GetBucketVersioningRequest,
  PutBucketPolicyRequest,
  PutBucketTaggingRequest,
} from "@aws-sdk/client-s3";
import type { Bucket, Objects } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { bucketOf } from "./object-members.ts";
import { s3Error } from "./store-errors.ts";
import { MAX_BUCKET_TAGS, readTagSet, writeTagSet } from "./tag-set.ts";

/** Bytes of a bucket policy, at most. */
const MAX_POLICY_BYTES = 20 << 10;

/** Tags and policy of buckets, and the answer that they are not versioned. */
export function createBucketSettingsOperations({ objects }: { readonly objects: Objects }) {
  async function requireBucket(input: { readonly Bucket: string | undefined }, caller: Caller): Promise<Bucket> {
    const bucket = await objects.findBucket(bucketOf(input, caller));
    if (bucket !== undefined) return bucket;
    throw s3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: input.Bucket });
  }

  return {
    async putBucketTagging(input: PutBucketTaggingRequest, caller: Caller): Promise<void> {
      const tags = readTagSet(input.Tagging?.TagSet, MAX_BUCKET_TAGS);
      await objects.updateBucket(bucketOf(input, caller), { tags });
    },
    async getBucketTagging(input: GetBucketTaggingRequest, caller: Caller): Promise<GetBucketTaggingOutput> {
      const { tags } = await requireBucket(input, caller);
      if (Object.keys(tags).length === 0) {
        throw s3Error("NoSuchTagSet", "The TagSet does not exist", { BucketName: input.Bucket });
      }
      return { TagSet: writeTagSet(tags) };
    },
    async deleteBucketTagging(input: DeleteBucketTaggingRequest, caller: Caller): Promise<void> {
      await objects.updateBucket(bucketOf(input, caller), { tags: {} });
    },
    async putBucketPolicy(input: PutBucketPolicyRequest, caller: Caller): Promise<void> {
      const { Policy: policy = "" } = input;
      if (!isJsonObject(policy) || Buffer.byteLength(policy) > MAX_POLICY_BYTES) {
        throw s3Error("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'");
      }
      await objects.updateBucket(bucketOf(input, caller), { policy });
    },
    async getBucketPolicy(input: GetBucketPolicyRequest, caller: Caller): Promise<GetBucketPolicyOutput> {
      const { policy } = await requireBucket(input, caller);
      if (policy === undefined) {
        throw s3Error("NoSuchBucketPolicy", "The bucket policy does not exist", { BucketName: input.Bucket });
      }
      return { Policy: policy };
    },
    async deleteBucketPolicy(input: DeleteBucketPolicyRequest, caller: Caller): Promise<void> {
      await objects.updateBucket(bucketOf(input, caller), { policy: null });
    },
    /** Nothing in the answer is S3's way to say that versioning was never enabled. */
    async getBucketVersioning(input: GetBucketVersioningRequest, caller: Caller): Promise<GetBucketVersioningOutput> {
      await requireBucket(input, caller);
      return {};
    },
  };
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
