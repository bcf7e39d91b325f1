import type { CopyObjectOutput, CopyObjectRequest } from "@aws-sdk/client-s3";
import type { Conditions, ContentHeaders, Objects } from "@rondo/store";
import type { Caller, RequestContext } from "@rondo/wire";
import { checksumMembers, knownAlgorithm } from "./checksum-members.ts";
import { readCopySource } from "./copy-source.ts";
import { writeConditions } from "./object.ts";
import { describeInput, objectOf, refuseUnsupported } from "./object-members.ts";
import { s3Error } from "./store-errors.ts";

/** CopyObject, within the caller's account. */
export function createCopyObjectOperations({ objects }: { readonly objects: Objects }) {
  return {
    async copyObject(input: CopyObjectRequest, caller: Caller, request: RequestContext): Promise<CopyObjectOutput> {
      refuseUnsupported(input);
      const source = readCopySource(input.CopySource, caller);
      const destination = objectOf(input, caller);
      const replacing = input.MetadataDirective === "REPLACE";
      const algorithm = knownAlgorithm(input.ChecksumAlgorithm);
      if (
        source.bucket === destination.bucket &&
        source.key === destination.key &&
        !replacing &&
        algorithm === undefined
      ) {
        throw s3Error(
          "InvalidRequest",
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        );
      }
      const described = describeInput(input, request);
      const info = await objects.copy(source, destination, {
        ...(replacing && { headers: described.headers as ContentHeaders, metadata: described.metadata }),
        tags: input.TaggingDirective === "REPLACE" ? (described.tags ?? {}) : undefined,
        checksumAlgorithm: algorithm,
        sourceConditions: sourceConditions(input),
        conditions: writeConditions(input),
        signal: request.signal,
      });
      return { CopyObjectResult: { ETag: info.etag, LastModified: info.lastModified, ...checksumMembers(info) } };
    },
  };
}

interface CopySourceConditions {
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

export function sourceConditions(input: CopySourceConditions): Conditions {
  return {
    ifMatch: input.CopySourceIfMatch,
    ifNoneMatch: input.CopySourceIfNoneMatch,
    ifModifiedSince: input.CopySourceIfModifiedSince,
    ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
}
