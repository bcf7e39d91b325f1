import type { AnnouncedBody, ChecksumAlgorithm, ObjectInfo } from "@rondo/store";
import type { RequestContext, StreamingBody } from "@rondo/wire";
import { s3Error } from "./store-errors.ts";

/** The members that carry a checksum, in inputs and outputs alike. */
export interface ChecksumMembers {
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

const ALGORITHMS: readonly ChecksumAlgorithm[] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

const HEADER = "x-amz-checksum-";

/** `{ ChecksumCRC32: value }`. */
export function checksumMember(
  checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined,
): ChecksumMembers {
  return checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value };
}

/** Value and type of an object's checksum. */
export function checksumMembers({ checksum }: Pick<ObjectInfo, "checksum">) {
  return checksum === undefined ? {} : { ...checksumMember(checksum), ChecksumType: checksum.type };
}

/** The one checksum that an input carries. Throws InvalidRequest when there are several. */
export function checksumValue(input: ChecksumMembers): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const found = ALGORITHMS.flatMap((algorithm) => {
    const value = input[`Checksum${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (found.length > 1)
    throw s3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  return found[0];
}

/** An algorithm that S3 knows and we do too. Throws InvalidRequest for others (MD5, SHA512, XXHASH …). */
export function knownAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm === undefined) {
    throw s3Error(
      "InvalidRequest",
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(", ")}]`,
    );
  }
  return algorithm;
}

export interface BodyInput extends ChecksumMembers {
  readonly ContentLength?: number | undefined;
  readonly ContentMD5?: string | undefined;
  readonly ChecksumAlgorithm?: string | undefined;
}

/**
 * What headers and trailer announce of a body. A trailer's checksum is known only when the body has ended: the wire then leaves the trailer's
 * headers in `trailers` of the stream, as node:http does with its own.
 */
export function announcedBody(
  input: BodyInput,
  body: StreamingBody,
  { headers, signal }: RequestContext,
): AnnouncedBody {
  const decoded = headers["x-amz-decoded-content-length"];
  const streaming = String(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-");
  const contentLength = typeof decoded === "string" ? Number(decoded) : streaming ? undefined : input.ContentLength;
  return { contentLength, contentMd5: input.ContentMD5, checksum: announcedChecksum(input, body, headers), signal };
}

function announcedChecksum(
  input: BodyInput,
  body: StreamingBody,
  headers: RequestContext["headers"],
): AnnouncedBody["checksum"] {
  const value = checksumValue(input);
  if (value !== undefined) return value;
  const trailer = String(headers["x-amz-trailer"] ?? "").toLowerCase();
  if (trailer.startsWith(HEADER)) {
    const algorithm = knownAlgorithm(trailer.slice(HEADER.length));
    return algorithm && { algorithm, value: () => body.trailers?.[trailer] };
  }
  const algorithm = knownAlgorithm(input.ChecksumAlgorithm);
  return algorithm && { algorithm };
}
