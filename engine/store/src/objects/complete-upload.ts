import { hash } from "node:crypto";
import type { Sql, SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { withoutQuotes } from "./conditions.ts";
import { type CrcAlgorithm, combineCrc } from "./crc.ts";
import { checksumOf } from "./digest.ts";
import type { CompletedPart, CompleteOptions, UploadRef } from "./multipart-uploads.ts";
import { describeWrite, writeIn } from "./object-changes.ts";
import { noSuchBucket, preconditionFailed } from "./object-errors.ts";
import type { ObjectWrite } from "./object-writes.ts";
import type { Checksum, ChecksumAlgorithm, ChecksumType, ObjectInfo } from "./objects.ts";
import { findUpload, PART_COLUMNS, type PartRow, type UploadRow } from "./upload-rows.ts";

/** Bytes of every part but the last, at least. */
const MIN_PART_BYTES = 5 << 20;

/** Makes an object of the parts that the client names, in one transaction; parts that it does not name are discarded. */
export async function completeUpload(
  { sql, at }: { readonly sql: Sql; readonly at: Date },
  ref: UploadRef,
  options: CompleteOptions,
): Promise<ObjectInfo> {
  return sql.transaction(async (transaction) => {
    const upload = await findUpload(transaction, ref, "for update");
    const parts = await selectParts(transaction, ref, options.parts);
    const write = describeObject({ ref, upload, parts }, options);
    const outcome = await writeIn(transaction, { write, at }, options.conditions ?? {});
    if (outcome === "no-bucket") throw noSuchBucket(ref);
    if (outcome === "exists") throw preconditionFailed("If-None-Match");
    // After the object refers to the bodies: the parts' rows release them.
    await transaction.query("delete from multipart_upload where id = $1", [upload.id]);
    return describeWrite(write, at);
  });
}

async function selectParts(
  transaction: SqlConnection,
  ref: UploadRef,
  wanted: readonly CompletedPart[],
): Promise<PartRow[]> {
  if (wanted.length === 0) {
    throw new StoreError("MalformedXML", "You must specify at least one part");
  }
  // At most 10,000 rows: part numbers end there.
  const rows = await transaction.query<PartRow>(`select ${PART_COLUMNS} from multipart_part where upload_id = $1`, [
    ref.uploadId,
  ]);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  let before = 0;
  const parts = wanted.map((part) => {
    if (part.number <= before) {
      throw new StoreError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        { UploadId: ref.uploadId },
      );
    }
    before = part.number;
    return requirePart(byNumber.get(part.number), part, ref);
  });
  for (const part of parts.slice(0, -1)) {
    if (part.size < MIN_PART_BYTES) {
      throw new StoreError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
        ETag: part.etag,
        MinSizeAllowed: MIN_PART_BYTES,
        PartNumber: part.number,
        ProposedSize: part.size,
      });
    }
  }
  return parts;
}

function requirePart(row: PartRow | undefined, part: CompletedPart, ref: UploadRef): PartRow {
  const sameChecksum = part.checksum === undefined || part.checksum === row?.checksum;
  if (row !== undefined && row.etag === withoutQuotes(part.etag) && sameChecksum) return row;
  throw new StoreError(
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: ref.uploadId, PartNumber: part.number, ETag: part.etag },
  );
}

interface UploadWithParts {
  readonly ref: UploadRef;
  readonly upload: UploadRow;
  readonly parts: readonly PartRow[];
}

function describeObject(found: UploadWithParts, options: CompleteOptions): ObjectWrite {
  const { ref, upload, parts } = found;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (options.size !== undefined && options.size !== size) {
    throw new StoreError(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${options.size} does not match what was computed: ${size}`,
    );
  }
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, "hex")));
  const { headers, metadata } = upload.details;
  return {
    accountId: ref.accountId,
    bucket: ref.bucket,
    key: ref.key,
    kind: "write",
    size,
    etag: `${hash("md5", digests)}-${parts.length}`,
    details: { headers, metadata, checksum: checksumOfParts(found, options.checksum) },
    tags: upload.tags ?? undefined,
    parts: parts.map(({ number, size, checksum }) => ({ number, size, checksum })),
    content: { ids: parts.flatMap((part) => part.body_ids) },
  };
}

function checksumOfParts(found: UploadWithParts, expected: CompleteOptions["checksum"]): Checksum | undefined {
  const { parts } = found;
  const algorithm = algorithmOf(found);
  if (algorithm === undefined) return undefined;
  const type = found.upload.details.checksumType ?? defaultType(found, algorithm);
  const values: Buffer[] = parts.map((part) => Buffer.from(part.checksum, "base64"));
  const value =
    type === "COMPOSITE"
      ? `${checksumOf(algorithm, Buffer.concat(values))}-${parts.length}`
      : combineParts(algorithm as CrcAlgorithm, values, parts).toString("base64");
  if (expected === undefined) return { algorithm, value, type };
  if (expected.algorithm !== algorithm || (expected.type ?? type) !== type) {
    throw new StoreError(
      "InvalidRequest",
      `The upload's checksum is ${algorithm.toLowerCase()} of type ${type}; the complete request named another one.`,
    );
  }
  // A composite value may come without the number of parts.
  if (expected.value !== value && `${expected.value}-${parts.length}` !== value) {
    throw new StoreError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type };
}

/** The upload's, or the one that all parts came with; without either nothing can be said of the whole. */
function algorithmOf({ upload, parts }: UploadWithParts): ChecksumAlgorithm | undefined {
  const first = parts[0]?.checksum_algorithm;
  const common = parts.every((part) => part.checksum_algorithm === first) ? first : undefined;
  return upload.details.checksumAlgorithm ?? common;
}

/** As S3 has it: composite when the client chose the algorithm, but CRC64NVME knows full objects only. */
function defaultType({ upload }: UploadWithParts, algorithm: ChecksumAlgorithm): ChecksumType {
  const chosen = upload.details.checksumAlgorithm !== undefined && algorithm !== "CRC64NVME";
  return chosen || algorithm === "SHA1" || algorithm === "SHA256" ? "COMPOSITE" : "FULL_OBJECT";
}

function combineParts(algorithm: CrcAlgorithm, values: readonly Buffer[], parts: readonly PartRow[]): Buffer {
  return values.reduce((sum, next, index) => combineCrc(algorithm, sum, next, (parts[index] as PartRow).size));
}
