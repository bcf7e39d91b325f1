import type {
  _Object as ListedObject,
  ListObjectsOutput,
  ListObjectsRequest,
  ListObjectsV2Output,
  ListObjectsV2Request,
  Owner,
} from "@aws-sdk/client-s3";
import type { ObjectInfo, ObjectList, Objects } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { ownerOf } from "./bucket.ts";
import { readContinuationToken, writeContinuationToken } from "./continuation-token.ts";
import { bucketOf } from "./object-members.ts";
import { s3Error } from "./store-errors.ts";
import { type Encode, encoderFor } from "./url-encoding.ts";

const MAX_KEYS = 1000;

/** ListObjects and ListObjectsV2. */
export function createListingOperations({ objects }: { readonly objects: Objects }) {
  return {
    async listObjects(input: ListObjectsRequest, caller: Caller): Promise<ListObjectsOutput> {
      const encode = encoderFor(input.EncodingType);
      const limit = pageSize(input.MaxKeys);
      const { Prefix: prefix = "", Delimiter: delimiter, Marker: marker = "" } = input;
      const page = await objects.list({ ...bucketOf(input, caller), prefix, delimiter, startAfter: marker, limit });
      const { nextStartAfter } = page;
      return {
        Name: input.Bucket,
        Prefix: encode(prefix),
        Marker: encode(marker),
        MaxKeys: limit,
        Delimiter: delimiter && encode(delimiter),
        EncodingType: input.EncodingType,
        IsTruncated: nextStartAfter !== undefined,
        // Without a delimiter clients go on with the last key themselves.
        NextMarker: nextStartAfter !== undefined && delimiter ? encode(nextStartAfter) : undefined,
        ...describePage(page, { encode, owner: ownerOf(caller) }),
      };
    },
    async listObjectsV2(input: ListObjectsV2Request, caller: Caller): Promise<ListObjectsV2Output> {
      const encode = encoderFor(input.EncodingType);
      const limit = pageSize(input.MaxKeys);
      const { Prefix: prefix = "", Delimiter: delimiter, StartAfter: first } = input;
      const startAfter = readContinuationToken(input.ContinuationToken) ?? first;
      const page = await objects.list({ ...bucketOf(input, caller), prefix, delimiter, startAfter, limit });
      const { nextStartAfter } = page;
      return {
        Name: input.Bucket,
        Prefix: encode(prefix),
        MaxKeys: limit,
        Delimiter: delimiter && encode(delimiter),
        EncodingType: input.EncodingType,
        StartAfter: first && encode(first),
        ContinuationToken: input.ContinuationToken,
        NextContinuationToken: nextStartAfter && writeContinuationToken(nextStartAfter),
        IsTruncated: nextStartAfter !== undefined,
        KeyCount: page.objects.length + page.commonPrefixes.length,
        ...describePage(page, { encode, owner: input.FetchOwner ? ownerOf(caller) : undefined }),
      };
    },
  };
}

/** Throws InvalidArgument unless the number is one that S3 takes; more than 1,000 counts as 1,000. */
export function pageSize(wanted: number | undefined, name = "maxKeys"): number {
  if (wanted === undefined) return MAX_KEYS;
  if (Number.isInteger(wanted) && wanted >= 0) return Math.min(wanted, MAX_KEYS);
  throw s3Error("InvalidArgument", `Argument ${name} must be an integer between 0 and 2147483647`, {
    ArgumentName: name,
    ArgumentValue: wanted,
  });
}

interface PageStyle {
  readonly encode: Encode;
  readonly owner: Owner | undefined;
}

function describePage({ objects, commonPrefixes }: ObjectList, { encode, owner }: PageStyle) {
  return {
    Contents: objects.map((info) => ({ ...describeListed(info), Key: encode(info.key), Owner: owner })),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function describeListed({ lastModified, etag, size, checksum }: ObjectInfo): ListedObject {
  return {
    LastModified: lastModified,
    ETag: etag,
    Size: size,
    StorageClass: "STANDARD",
    ChecksumAlgorithm: checksum && [checksum.algorithm],
    ChecksumType: checksum?.type,
  };
}
