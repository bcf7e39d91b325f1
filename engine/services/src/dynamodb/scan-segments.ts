import type { ScanInput } from "@aws-sdk/client-dynamodb";
import type { KeyRange } from "./expression/bind-key-condition.ts";
import { END_OF_KEYS } from "./key-range.ts";
import { validationError } from "./validation-error.ts";

/** The keys of a Scan: all of them, or the part of the digests' range that belongs to a segment. */
export function scanRange({ Segment: segment, TotalSegments: total }: ScanInput): KeyRange {
  if (segment === undefined && total === undefined) return { from: Buffer.alloc(0), to: END_OF_KEYS };
  if (segment === undefined) {
    throw validationError(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (total === undefined) {
    throw validationError(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (segment >= total) {
    throw validationError(
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: " +
        `Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  return {
    from: segmentStart(segment, total),
    to: segment + 1 === total ? END_OF_KEYS : segmentStart(segment + 1, total),
  };
}

/** The first four bytes of the digests where a segment begins. */
function segmentStart(segment: number, total: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.floor((segment * 2 ** 32) / total));
  return bytes;
}
