import type {
  DeletedObject,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  _Error as DeletionError,
} from "@aws-sdk/client-s3";
import { type Objects, StoreError } from "@rondo/store";
import type { Caller, RequestContext } from "@rondo/wire";
import { bucketOf, refuseUnsupported } from "./object-members.ts";
import { s3Error } from "./store-errors.ts";

const MAX_KEYS = 1000;

/** DeleteObjects: up to 1,000 keys, which share their commits. */
export function createDeleteObjectsOperations({ objects }: { readonly objects: Objects }) {
  return {
    async deleteObjects(
      input: DeleteObjectsRequest,
      caller: Caller,
      request: RequestContext,
    ): Promise<DeleteObjectsOutput> {
      requireIntegrityHeader(request);
      const { Objects: wanted = [], Quiet: quiet = false } = input.Delete ?? {};
      if (wanted.length === 0 || wanted.length > MAX_KEYS) {
        throw s3Error(
          "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema",
        );
      }
      const bucket = bucketOf(input, caller);
      const outcomes = await Promise.all(
        wanted.map(async (object): Promise<DeletedObject | DeletionError> => {
          const { Key = "", ETag: ifMatch } = object;
          try {
            refuseUnsupported(object);
            await objects.delete(bucket, Key, { ifMatch });
            return { Key };
          } catch (error) {
            return describeFailure(Key, error);
          }
        }),
      );
      return {
        Deleted: quiet ? [] : outcomes.filter((outcome) => !("Code" in outcome)),
        Errors: outcomes.filter((outcome) => "Code" in outcome),
      };
    },
  };
}

/** A missing bucket fails the request; anything else only its key. */
function describeFailure(Key: string, error: unknown): DeletionError {
  const known = error instanceof StoreError || (error instanceof Error && error.name === "NoSuchVersion");
  if (!known || (error instanceof StoreError && error.code === "NoSuchBucket")) throw error;
  return { Key, Code: error instanceof StoreError ? error.code : error.name, Message: error.message };
}

function requireIntegrityHeader({ headers }: RequestContext): void {
  const named = [
    "content-md5",
    "x-amz-trailer",
    ...["crc32", "crc32c", "crc64nvme", "sha1", "sha256"].map((name) => `x-amz-checksum-${name}`),
  ];
  if (named.some((name) => headers[name] !== undefined)) return;
  throw s3Error("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}
