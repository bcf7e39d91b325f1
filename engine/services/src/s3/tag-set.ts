import type { Tag } from "@aws-sdk/client-s3";
import { s3Error } from "./store-errors.ts";

export const MAX_OBJECT_TAGS = 10;
export const MAX_BUCKET_TAGS = 50;

/** Tags as they are stored. Throws InvalidTag or BadRequest as S3 does. */
export function readTagSet(tags: readonly Tag[] | undefined, limit: number): Record<string, string> {
  const read: Record<string, string> = Object.create(null);
  for (const { Key = "", Value = "" } of tags ?? []) {
    if (Key === "" || Key.length > 128)
      throw s3Error("InvalidTag", "The TagKey you have provided is invalid", { TagKey: Key });
    if (Value.length > 256) {
      throw s3Error("InvalidTag", "The TagValue you have provided is invalid", { TagKey: Key, TagValue: Value });
    }
    if (Key in read) throw s3Error("InvalidTag", "Cannot provide multiple Tags with the same key", { TagKey: Key });
    if (Key.startsWith("aws:"))
      throw s3Error("InvalidTag", "System tags cannot be added/updated by requester", { TagKey: Key });
    read[Key] = Value;
  }
  if (Object.keys(read).length > limit) throw s3Error("BadRequest", `Object tags cannot be greater than ${limit}`);
  return { ...read };
}

/** `x-amz-tagging: a=1&b=2`. */
export function readTaggingHeader(header: string | undefined): Record<string, string> | undefined {
  if (header === undefined) return undefined;
  const pairs = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  return readTagSet(pairs, MAX_OBJECT_TAGS);
}

export function writeTagSet(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
