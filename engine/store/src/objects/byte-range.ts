import { StoreError } from "../store-error.ts";
import type { ByteRange, ObjectPart } from "./objects.ts";

/**
 * The bytes that a `Range` header asks for; undefined (all of them) when it is malformed or names several ranges. Throws InvalidRange when the
 * object has none of them. RFC 9110, section 14.1.2.
 */
export function resolveRange(header: string, size: number): ByteRange | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.replaceAll(" ", "")) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    if (length === 0) throw invalidRange(header, size);
    return { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) throw invalidRange(header, size);
  return { start, end };
}

/** The bytes of one part; an object that was not uploaded in parts is its own part 1. */
export function rangeOfPart(
  number: number,
  size: number,
  parts: readonly ObjectPart[] | undefined,
): ByteRange | undefined {
  if (parts === undefined && number === 1) return size === 0 ? undefined : { start: 0, end: size - 1 };
  let start = 0;
  for (const part of parts ?? []) {
    if (part.number === number) return { start, end: start + part.size - 1 };
    start += part.size;
  }
  throw new StoreError("InvalidPartNumber", "The requested partnumber is not satisfiable", {
    PartNumberRequested: number,
    ActualPartCount: parts?.length ?? 1,
  });
}

function invalidRange(header: string, size: number): StoreError {
  return new StoreError("InvalidRange", "The requested range is not satisfiable", {
    RangeRequested: header,
    ActualObjectSize: size,
  });
}
