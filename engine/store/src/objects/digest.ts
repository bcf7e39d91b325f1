import { createHash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { StoreError } from "../store-error.ts";
import { createCrc32c, createCrc64Nvme, type RunningCheck } from "./crc.ts";
import type { ChecksumAlgorithm, PutOptions } from "./objects.ts";

/** What is known of a body once all of it was seen. */
export interface Digest {
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal: the ETag without its quotes. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** Takes a body's MD5 and checksum while it streams by. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  finish(): Digest;
}

/** S3 takes this one of objects whose client named none. */
export const DEFAULT_CHECKSUM: ChecksumAlgorithm = "CRC64NVME";

/** Bytes of each checksum's value. */
const CHECKSUM_LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

const RUNNING_CHECKS: Readonly<Record<ChecksumAlgorithm, () => RunningCheck>> = {
  CRC32: createCrc32,
  CRC32C: createCrc32c,
  CRC64NVME: createCrc64Nvme,
  SHA1: () => createHash("sha1"),
  SHA256: () => createHash("sha256"),
};

function createCrc32(): RunningCheck {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest() {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(crc);
      return value;
    },
  };
}

/** Digests a body chunk by chunk. */
export function createRunningDigest(algorithm: ChecksumAlgorithm): RunningDigest {
  const md5 = createHash("md5");
  const check = RUNNING_CHECKS[algorithm]();
  let size = 0;
  return {
    update(bytes) {
      size += bytes.byteLength;
      md5.update(bytes);
      check.update(bytes);
    },
    finish: () => ({
      size,
      md5: md5.digest("hex"),
      checksum: { algorithm, value: check.digest().toString("base64") },
    }),
  };
}

/** The same for bytes at hand; one-shot hashing costs half of a hash object. */
export function digestOf(bytes: Uint8Array, algorithm: ChecksumAlgorithm): Digest {
  return {
    size: bytes.byteLength,
    md5: hash("md5", bytes),
    checksum: { algorithm, value: checksumOf(algorithm, bytes) },
  };
}

/** One checksum of bytes at hand, in base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  if (algorithm === "SHA1") return hash("sha1", bytes, "base64");
  if (algorithm === "SHA256") return hash("sha256", bytes, "base64");
  const check = RUNNING_CHECKS[algorithm]();
  check.update(bytes);
  return check.digest().toString("base64");
}

/** Throws unless the digest is the one that the client announced. */
export function verifyDigest(digest: Digest, announced: PutOptions): void {
  const { contentLength, contentMd5, checksum } = announced;
  if (contentLength !== undefined && contentLength !== digest.size) {
    throw new StoreError(
      "IncompleteBody",
      "You did not provide the number of bytes specified by the Content-Length HTTP header",
    );
  }
  if (contentMd5 !== undefined) {
    const expected = decode(contentMd5, 16);
    if (expected === undefined) throw new StoreError("InvalidDigest", "The Content-MD5 you specified was invalid.");
    if (expected.toString("hex") !== digest.md5) {
      throw new StoreError("BadDigest", "The Content-MD5 you specified did not match what we received.", {
        ExpectedDigest: expected.toString("hex"),
        CalculatedDigest: digest.md5,
      });
    }
  }
  const value = typeof checksum?.value === "function" ? checksum.value() : checksum?.value;
  if (value !== undefined) verifyChecksum(digest, value);
}

function verifyChecksum(digest: Digest, expected: string): void {
  const { algorithm, value } = digest.checksum;
  if (decode(expected, CHECKSUM_LENGTHS[algorithm]) === undefined) {
    throw new StoreError("InvalidRequest", `Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
  }
  if (expected !== value) {
    throw new StoreError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

/** The bytes of a base64 text, when it is one and has this length. */
function decode(base64: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(base64, "base64");
  return bytes.length === length && bytes.toString("base64") === base64 ? bytes : undefined;
}
