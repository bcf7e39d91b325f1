import type { BucketRef, ContentHeaders, ObjectDescription, ObjectInfo, ObjectRef } from "@rondo/store";
import type { Caller, RequestContext } from "@rondo/wire";
import { s3Error } from "./store-errors.ts";
import { readTaggingHeader } from "./tag-set.ts";

/** Bytes of all names and values of user metadata together, at most. */
const MAX_METADATA_BYTES = 2048;

/** What S3 says of an object whose client did not say. */
const DEFAULT_CONTENT_TYPE = "binary/octet-stream";

export function bucketOf(
  input: { readonly Bucket?: string | undefined },
  { accountId }: Pick<Caller, "accountId">,
): BucketRef {
  return { accountId, bucket: input.Bucket ?? "" };
}

export function objectOf(
  input: { readonly Bucket?: string | undefined; readonly Key?: string | undefined },
  caller: Pick<Caller, "accountId">,
): ObjectRef {
  return { ...bucketOf(input, caller), key: input.Key ?? "" };
}

/** The members of a put, a copy or a new upload that stay with the object. */
export interface DescriptionInput {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly Tagging?: string | undefined;
}

export function describeInput(
  input: DescriptionInput,
  { headers }: Pick<RequestContext, "headers">,
): ObjectDescription {
  const content: ContentHeaders = {
    contentType: input.ContentType ?? DEFAULT_CONTENT_TYPE,
    contentEncoding: withoutChunking(input.ContentEncoding),
    contentDisposition: input.ContentDisposition,
    contentLanguage: input.ContentLanguage,
    cacheControl: input.CacheControl,
    // As it came: S3 also keeps what is no date.
    expires: typeof headers["expires"] === "string" ? headers["expires"] : undefined,
  };
  const metadata = input.Metadata ?? {};
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (bytes > MAX_METADATA_BYTES) {
    throw s3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      Size: bytes,
      MaxSizeAllowed: MAX_METADATA_BYTES,
    });
  }
  return { headers: content, metadata, tags: readTaggingHeader(input.Tagging) };
}

/** aws-chunked belongs to the transfer and not to the object. */
function withoutChunking(encoding: string | undefined): string | undefined {
  const kept = encoding
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "aws-chunked" && name !== "");
  return kept === undefined || kept.length === 0 ? undefined : kept.join(",");
}

/** The members of GetObject and HeadObject that do not depend on what of the object is asked for. */
export function objectMembers(info: ObjectInfo) {
  const { headers, metadata, tags } = info;
  const expires = new Date(headers.expires ?? "");
  const tagCount = Object.keys(tags).length;
  return {
    AcceptRanges: "bytes",
    LastModified: info.lastModified,
    ETag: info.etag,
    ContentType: headers.contentType ?? DEFAULT_CONTENT_TYPE,
    ContentEncoding: headers.contentEncoding,
    ContentDisposition: headers.contentDisposition,
    ContentLanguage: headers.contentLanguage,
    CacheControl: headers.cacheControl,
    Expires: Number.isNaN(expires.getTime()) ? undefined : expires,
    Metadata: metadata,
    TagCount: tagCount === 0 ? undefined : tagCount,
  };
}

/** Options that would change what is stored or who may read it, and that we lack: refused rather than passed over. */
export function refuseUnsupported(input: object): void {
  const options = input as Readonly<Record<string, unknown>>;
  const lacking = UNSUPPORTED.find((name) => options[name] !== undefined);
  if (lacking !== undefined) {
    throw s3Error("NotImplemented", `${lacking} is not implemented; docs/operations.md lists what is.`);
  }
  const { ACL, VersionId } = options;
  if (ACL !== undefined && ACL !== "private" && ACL !== "bucket-owner-full-control") {
    throw s3Error("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  if (VersionId !== undefined && VersionId !== "null") {
    throw s3Error("NoSuchVersion", "The specified version does not exist.", { VersionId });
  }
}

const UNSUPPORTED = [
  "SSECustomerKey",
  "CopySourceSSECustomerKey",
  "ObjectLockMode",
  "ObjectLockRetainUntilDate",
  "ObjectLockLegalHoldStatus",
  "ObjectLockEnabledForBucket",
  "WebsiteRedirectLocation",
  "WriteOffsetBytes",
  "GrantFullControl",
  "GrantRead",
  "GrantReadACP",
  "GrantWrite",
  "GrantWriteACP",
] as const;
