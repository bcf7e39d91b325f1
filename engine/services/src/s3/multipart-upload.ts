import type {
  AbortMultipartUploadRequest,
  CompletedPart,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadOutput,
  CreateMultipartUploadRequest,
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  ListPartsOutput,
  ListPartsRequest,
  UploadPartCopyOutput,
  UploadPartCopyRequest,
  UploadPartOutput,
  UploadPartRequest,
} from "@aws-sdk/client-s3";
import type { Objects, UploadRef } from "@rondo/store";
import type { Caller, RequestContext, StreamingBody } from "@rondo/wire";
import { ownerOf } from "./bucket.ts";
import {
  announcedBody,
  type BodyInput,
  checksumMember,
  checksumMembers,
  checksumValue,
  knownAlgorithm,
} from "./checksum-members.ts";
import { sourceConditions } from "./copy-object.ts";
import { readCopySource } from "./copy-source.ts";
import { pageSize } from "./listing.ts";
import { requireBody, writeConditions } from "./object.ts";
import { bucketOf, describeInput, objectOf, refuseUnsupported } from "./object-members.ts";
import { encoderFor } from "./url-encoding.ts";

/** CreateMultipartUpload, UploadPart, UploadPartCopy, CompleteMultipartUpload, AbortMultipartUpload, ListParts and ListMultipartUploads. */
export function createMultipartUploadOperations({ objects }: { readonly objects: Objects }) {
  const { uploads } = objects;
  return {
    async createMultipartUpload(
      input: CreateMultipartUploadRequest,
      caller: Caller,
      request: RequestContext,
    ): Promise<CreateMultipartUploadOutput> {
      refuseUnsupported(input);
      const upload = await uploads.create(objectOf(input, caller), {
        ...describeInput(input, request),
        checksumAlgorithm: knownAlgorithm(input.ChecksumAlgorithm),
        checksumType: input.ChecksumType,
      });
      return {
        Bucket: input.Bucket,
        Key: input.Key,
        UploadId: upload.uploadId,
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
      };
    },
    async uploadPart(
      input: Omit<UploadPartRequest, "Body"> & { readonly Body?: StreamingBody },
      caller: Caller,
      request: RequestContext,
    ): Promise<UploadPartOutput> {
      refuseUnsupported(input);
      const body = requireBody(input);
      const announced = announcedBody(input as BodyInput, body, request);
      const part = await uploads.putPart(uploadOf(input, caller), input.PartNumber ?? 0, body, announced);
      return { ETag: part.etag, ...checksumMember(part.checksum) };
    },
    async uploadPartCopy(
      input: UploadPartCopyRequest,
      caller: Caller,
      { signal }: RequestContext,
    ): Promise<UploadPartCopyOutput> {
      refuseUnsupported(input);
      const part = await uploads.copyPart(uploadOf(input, caller), input.PartNumber ?? 0, {
        source: readCopySource(input.CopySource, caller),
        range: input.CopySourceRange,
        conditions: sourceConditions(input),
        signal,
      });
      return {
        CopyPartResult: { ETag: part.etag, LastModified: part.lastModified, ...checksumMember(part.checksum) },
      };
    },
    async completeMultipartUpload(
      input: CompleteMultipartUploadRequest,
      caller: Caller,
      { origin }: RequestContext,
    ): Promise<CompleteMultipartUploadOutput> {
      refuseUnsupported(input);
      const checksum = checksumValue(input);
      const info = await uploads.complete(uploadOf(input, caller), {
        parts: (input.MultipartUpload?.Parts ?? []).map(readPart),
        conditions: writeConditions(input),
        checksum: checksum && { ...checksum, type: input.ChecksumType },
        size: input.MpuObjectSize,
      });
      return {
        Location: `${origin}/${input.Bucket}/${encodeURIComponent(input.Key ?? "").replaceAll("%2F", "/")}`,
        Bucket: input.Bucket,
        Key: input.Key,
        ETag: info.etag,
        ...checksumMembers(info),
      };
    },
    async abortMultipartUpload(input: AbortMultipartUploadRequest, caller: Caller): Promise<object> {
      await uploads.abort(uploadOf(input, caller));
      return {};
    },
    listParts: (input: ListPartsRequest, caller: Caller) => listParts(objects, input, caller),
    listMultipartUploads: (input: ListMultipartUploadsRequest, caller: Caller) => listUploads(objects, input, caller),
  };
}

function uploadOf(
  input: {
    readonly Bucket: string | undefined;
    readonly Key: string | undefined;
    readonly UploadId: string | undefined;
  },
  caller: Caller,
): UploadRef {
  return { ...objectOf(input, caller), uploadId: input.UploadId ?? "" };
}

function readPart(part: CompletedPart) {
  return { number: part.PartNumber ?? 0, etag: part.ETag ?? "", checksum: checksumValue(part)?.value };
}

async function listParts({ uploads }: Objects, input: ListPartsRequest, caller: Caller): Promise<ListPartsOutput> {
  const limit = pageSize(input.MaxParts, "max-parts");
  const after = Number(input.PartNumberMarker ?? 0);
  const { upload, parts, more } = await uploads.listParts(uploadOf(input, caller), { after, limit });
  return {
    Bucket: input.Bucket,
    Key: input.Key,
    UploadId: input.UploadId,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(parts.at(-1)?.number ?? 0),
    MaxParts: limit,
    IsTruncated: more,
    Parts: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: part.lastModified,
      ETag: part.etag,
      Size: part.size,
      ...checksumMember(part.checksum),
    })),
    Initiator: ownerOf(caller),
    Owner: ownerOf(caller),
    StorageClass: "STANDARD",
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
  };
}

async function listUploads(
  { uploads }: Objects,
  input: ListMultipartUploadsRequest,
  caller: Caller,
): Promise<ListMultipartUploadsOutput> {
  const encode = encoderFor(input.EncodingType);
  const limit = pageSize(input.MaxUploads, "max-uploads");
  const { Prefix: prefix = "", Delimiter: delimiter = "", KeyMarker: keyMarker = "" } = input;
  const { UploadIdMarker: uploadIdMarker = "" } = input;
  const page = await uploads.list({ ...bucketOf(input, caller), prefix, delimiter, keyMarker, uploadIdMarker, limit });
  return {
    Bucket: input.Bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    KeyMarker: encode(keyMarker),
    UploadIdMarker: uploadIdMarker,
    NextKeyMarker: page.next && encode(page.next.keyMarker),
    NextUploadIdMarker: page.next?.uploadIdMarker,
    MaxUploads: limit,
    EncodingType: input.EncodingType,
    IsTruncated: page.next !== undefined,
    Uploads: page.uploads.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiated: upload.initiatedAt,
      StorageClass: "STANDARD",
      Owner: ownerOf(caller),
      Initiator: ownerOf(caller),
      ChecksumAlgorithm: upload.checksumAlgorithm,
      ChecksumType: upload.checksumType,
    })),
    CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
}
