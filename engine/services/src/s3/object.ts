import type {
  DeleteObjectOutput,
  DeleteObjectRequest,
  GetObjectOutput,
  GetObjectRequest,
  HeadObjectOutput,
  HeadObjectRequest,
  PutObjectOutput,
  PutObjectRequest,
} from "@aws-sdk/client-s3";
import {
  type ByteRange,
  type Conditions,
  type ObjectContent,
  type ObjectInfo,
  type Objects,
  StoreError,
} from "@rondo/store";
import { type Caller, type RequestContext, type StreamingBody, withStatus } from "@rondo/wire";
import { announcedBody, type BodyInput, checksumMember, checksumMembers } from "./checksum-members.ts";
import { describeInput, objectMembers, objectOf, refuseUnsupported } from "./object-members.ts";

/** Inputs with bodies as the wire hands them over. */
type Streaming<Input> = Omit<Input, "Body"> & { readonly Body?: StreamingBody };

/** PutObject, GetObject, HeadObject and DeleteObject. */
export function createObjectOperations({ objects }: { readonly objects: Objects }) {
  return {
    async putObject(
      input: Streaming<PutObjectRequest>,
      caller: Caller,
      request: RequestContext,
    ): Promise<PutObjectOutput> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      const body = requireBody(input);
      const info = await objects.put(object, object.key, body, {
        ...describeInput(input, request),
        ...announcedBody(input as BodyInput, body, request),
        conditions: writeConditions(input),
      });
      return { ETag: info.etag, ...checksumMembers(info) };
    },
    async getObject(input: GetObjectRequest, caller: Caller): Promise<GetObjectOutput> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      try {
        const content = await objects.get(object, object.key, {
          range: input.Range,
          partNumber: input.PartNumber,
          conditions: readConditions(input),
        });
        const output = { ...describeContent(content, input), ...overrides(input), Body: content.body };
        return withStatus(output as unknown as GetObjectOutput, statusOf(content));
      } catch (error) {
        return answerNotModified(error);
      }
    },
    async headObject(input: HeadObjectRequest, caller: Caller): Promise<HeadObjectOutput> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      try {
        const content = await headContent(objects, input, object);
        return withStatus({ ...describeContent(content, input), ...overrides(input) }, statusOf(content));
      } catch (error) {
        return answerNotModified(error);
      }
    },
    async deleteObject(input: DeleteObjectRequest, caller: Caller): Promise<DeleteObjectOutput> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      await objects.delete(object, object.key, { ifMatch: input.IfMatch });
      return {};
    },
  };
}

/** The stream of an input. It is there whenever the wire found the operation. */
export function requireBody({ Body: body }: { readonly Body?: StreamingBody }): StreamingBody {
  if (body === undefined) throw new Error("The wire gave no body for an operation that takes one.");
  return body;
}

export function writeConditions(input: {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}) {
  const { IfMatch: ifMatch, IfNoneMatch: ifNoneMatch } = input;
  return ifMatch === undefined && ifNoneMatch === undefined ? undefined : { ifMatch, ifNoneMatch };
}

function readConditions(input: GetObjectRequest): Conditions {
  return {
    ifMatch: input.IfMatch,
    ifNoneMatch: input.IfNoneMatch,
    ifModifiedSince: input.IfModifiedSince,
    ifUnmodifiedSince: input.IfUnmodifiedSince,
  };
}

async function headContent(
  objects: Objects,
  input: HeadObjectRequest,
  object: Parameters<Objects["head"]>[0] & { readonly key: string },
): Promise<{ readonly info: ObjectInfo; readonly range?: ByteRange }> {
  const conditions = readConditions(input);
  if (input.Range === undefined && input.PartNumber === undefined) {
    return { info: await objects.head(object, object.key, { conditions }) };
  }
  const { info, range, body } = await objects.get(object, object.key, {
    range: input.Range,
    partNumber: input.PartNumber,
    conditions,
  });
  if (!Buffer.isBuffer(body)) body.destroy();
  return range === undefined ? { info } : { info, range };
}

function describeContent(
  { info, range }: Pick<ObjectContent, "info" | "range">,
  input: Pick<GetObjectRequest, "ChecksumMode" | "PartNumber">,
) {
  return {
    ...objectMembers(info),
    ContentLength: range === undefined ? info.size : range.end - range.start + 1,
    ContentRange: range && `bytes ${range.start}-${range.end}/${info.size}`,
    PartsCount: input.PartNumber === undefined ? undefined : info.parts?.length,
    ...(input.ChecksumMode === "ENABLED" && checksumOfContent({ info, range }, input.PartNumber)),
  };
}

/** Of the whole object or of the part that is asked for; a range has none. */
function checksumOfContent({ info, range }: Pick<ObjectContent, "info" | "range">, partNumber: number | undefined) {
  const part = partNumber === undefined ? undefined : info.parts?.find(({ number }) => number === partNumber);
  if (part?.checksum !== undefined && info.checksum !== undefined) {
    return checksumMember({ algorithm: info.checksum.algorithm, value: part.checksum });
  }
  const whole = range === undefined || (range.start === 0 && range.end === info.size - 1);
  return whole ? checksumMembers(info) : {};
}

function statusOf({ range }: Pick<ObjectContent, "range">): number {
  return range === undefined ? 200 : 206;
}

/** 304 is no error of S3's: it carries the validators and no body. */
function answerNotModified(error: unknown): GetObjectOutput {
  if (!(error instanceof StoreError) || error.code !== "NotModified") throw error;
  const { ETag, LastModified } = error.fields as { ETag: string; LastModified: Date };
  return withStatus({ ETag, LastModified }, 304);
}

/** `response-content-type` and its like replace what is stored. */
function overrides(input: GetObjectRequest) {
  const wanted = {
    ContentType: input.ResponseContentType,
    ContentEncoding: input.ResponseContentEncoding,
    ContentDisposition: input.ResponseContentDisposition,
    ContentLanguage: input.ResponseContentLanguage,
    CacheControl: input.ResponseCacheControl,
    Expires: input.ResponseExpires,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}
