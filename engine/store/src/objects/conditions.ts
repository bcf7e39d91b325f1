import { StoreError } from "../store-error.ts";
import { preconditionFailed } from "./object-errors.ts";
import type { Conditions, ObjectInfo } from "./objects.ts";

type Validators = Pick<ObjectInfo, "etag" | "lastModified">;

/**
 * Throws PreconditionFailed or NotModified unless the object may be read: an ETag condition outweighs the time condition of its kind (RFC 9110,
 * section 13.2.2).
 */
export function checkReadConditions(object: Validators, conditions: Conditions): void {
  if (conditions.ifMatch !== undefined) {
    if (!matchesETag(object.etag, conditions.ifMatch)) throw preconditionFailed("If-Match");
  } else if (conditions.ifUnmodifiedSince !== undefined && object.lastModified > conditions.ifUnmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (conditions.ifNoneMatch !== undefined) {
    if (matchesETag(object.etag, conditions.ifNoneMatch)) throw notModified(object);
  } else if (conditions.ifModifiedSince !== undefined && object.lastModified <= conditions.ifModifiedSince) {
    throw notModified(object);
  }
}

/** The same of the source of a copy, where nothing is ever NotModified: the copy is refused. */
export function checkCopyConditions(object: Validators, conditions: Conditions): void {
  try {
    checkReadConditions(object, conditions);
  } catch (error) {
    if (error instanceof StoreError && error.code === "NotModified") {
      throw preconditionFailed(
        conditions.ifNoneMatch === undefined
          ? "x-amz-copy-source-If-Modified-Since"
          : "x-amz-copy-source-If-None-Match",
      );
    }
    throw error;
  }
}

/** Whether an ETag is among those of a condition, which names them with or without quotes. */
export function matchesETag(etag: string, condition: string): boolean {
  const bare = withoutQuotes(etag);
  return condition.split(",").some((entry) => {
    const candidate = entry.trim();
    return candidate === "*" || withoutQuotes(candidate.replace(/^W\//, "")) === bare;
  });
}

/** `"abc"` and `abc` alike: clients send both. */
export function withoutQuotes(etag: string): string {
  return etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}

function notModified({ etag, lastModified }: Validators): StoreError {
  return new StoreError("NotModified", "Not Modified", { ETag: etag, LastModified: lastModified });
}
