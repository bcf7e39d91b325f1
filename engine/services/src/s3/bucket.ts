import { hash } from "node:crypto";
import type {
  BucketLocationConstraint,
  CreateBucketOutput,
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketLocationOutput,
  GetBucketLocationRequest,
  HeadBucketOutput,
  HeadBucketRequest,
  ListBucketsOutput,
  ListBucketsRequest,
  Owner,
} from "@aws-sdk/client-s3";
import { type Objects, StoreError } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { readContinuationToken, writeContinuationToken } from "./continuation-token.ts";
import { bucketOf, refuseUnsupported } from "./object-members.ts";
import { s3Error } from "./store-errors.ts";
import { MAX_BUCKET_TAGS, readTagSet } from "./tag-set.ts";

/** The region that S3 never names. */
const CLASSIC_REGION = "us-east-1";

/** CreateBucket, HeadBucket, ListBuckets, GetBucketLocation and DeleteBucket. */
export function createBucketOperations({ objects }: { readonly objects: Objects }) {
  async function requireBucket(input: { readonly Bucket: string | undefined }, caller: Caller) {
    const bucket = await objects.findBucket(bucketOf(input, caller));
    if (bucket !== undefined) return bucket;
    throw s3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: input.Bucket });
  }

  return {
    async createBucket(input: CreateBucketRequest, caller: Caller): Promise<CreateBucketOutput> {
      const { Bucket: name = "" } = input;
      if (!isBucketName(name)) {
        throw s3Error("InvalidBucketName", "The specified bucket is not valid.", { BucketName: name });
      }
      refuseUnsupported(input);
      const region = regionOf(input, caller);
      const tags = readTagSet(input.CreateBucketConfiguration?.Tags, MAX_BUCKET_TAGS);
      try {
        await objects.createBucket({ accountId: caller.accountId, bucket: name, region });
        if (Object.keys(tags).length > 0) await objects.updateBucket(bucketOf(input, caller), { tags });
      } catch (error) {
        // In us-east-1 alone S3 answers the second creation like the first.
        const repeated = error instanceof StoreError && error.code === "BucketAlreadyOwnedByYou";
        if (!repeated || caller.region !== CLASSIC_REGION) throw error;
      }
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },
    async headBucket(input: HeadBucketRequest, caller: Caller): Promise<HeadBucketOutput> {
      const { region } = await requireBucket(input, caller);
      return { BucketRegion: region, BucketArn: `arn:aws:s3:::${input.Bucket}`, AccessPointAlias: false };
    },
    async listBuckets(input: ListBucketsRequest, caller: Caller): Promise<ListBucketsOutput> {
      const { MaxBuckets: limit = 10_000, Prefix: prefix, BucketRegion: region } = input;
      const startAfter = readContinuationToken(input.ContinuationToken);
      const found = await objects.listBuckets(caller.accountId, { prefix, startAfter, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        Owner: ownerOf(caller),
        Prefix: prefix,
        Buckets: page
          .filter((bucket) => region === undefined || bucket.region === region)
          .map((bucket) => ({ Name: bucket.bucket, CreationDate: bucket.createdAt, BucketRegion: bucket.region })),
        ContinuationToken: found.length > limit && last ? writeContinuationToken(last.bucket) : undefined,
      };
    },
    async getBucketLocation(input: GetBucketLocationRequest, caller: Caller): Promise<GetBucketLocationOutput> {
      const { region } = await requireBucket(input, caller);
      return region === CLASSIC_REGION ? {} : { LocationConstraint: region as BucketLocationConstraint };
    },
    async deleteBucket(input: DeleteBucketRequest, caller: Caller): Promise<void> {
      await objects.deleteBucket(bucketOf(input, caller));
    },
  };
}

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

function regionOf(input: CreateBucketRequest, { region }: Caller): string {
  const constraint: string | undefined = input.CreateBucketConfiguration?.LocationConstraint;
  if (constraint === undefined || constraint === "") {
    if (region === CLASSIC_REGION) return region;
    throw illegalLocation("unspecified");
  }
  const wanted = constraint === "EU" ? "eu-west-1" : constraint;
  if (wanted === CLASSIC_REGION) {
    throw s3Error("InvalidLocationConstraint", "The specified location-constraint is not valid", {
      LocationConstraint: constraint,
    });
  }
  if (region !== CLASSIC_REGION && wanted !== region) throw illegalLocation(constraint);
  return wanted;
}

function illegalLocation(constraint: string) {
  return s3Error(
    "IllegalLocationConstraintException",
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/** S3's canonical user id is 64 hexadecimal digits; ours is derived from the account's number. */
export function ownerOf({ accountId }: Pick<Caller, "accountId">): Owner {
  return { ID: hash("sha256", accountId), DisplayName: accountId };
}
