import type { Sql, SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import type { Upload, UploadedPart, UploadRef } from "./multipart-uploads.ts";
import { noSuchBucket } from "./object-errors.ts";
import { encodeKey } from "./object-key.ts";
import type { BucketRef, ChecksumAlgorithm, ChecksumType, ContentHeaders } from "./objects.ts";

export interface UploadRow {
  readonly id: string;
  readonly bucket_id: number;
  readonly key: Buffer;
  readonly initiated_at: Date;
  readonly details: {
    readonly headers?: ContentHeaders;
    readonly metadata?: Readonly<Record<string, string>>;
    readonly checksumAlgorithm?: ChecksumAlgorithm;
    readonly checksumType?: ChecksumType;
  };
  readonly tags: Record<string, string> | null;
}

export interface PartRow {
  readonly number: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum_algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly checksum: string;
  readonly modified_at: Date;
  readonly body_ids: string[];
}

export const UPLOAD_COLUMNS = "id, bucket_id, key, initiated_at, details, tags";
export const PART_COLUMNS = "number, size, etag, checksum_algorithm, checksum, modified_at, body_ids";

/** Throws NoSuchUpload, also when the upload is another key's. `lock` keeps it until the transaction ends. */
export async function findUpload(connection: Sql | SqlConnection, ref: UploadRef, lock = ""): Promise<UploadRow> {
  const [bucket] = await connection.query<{ id: number }>(
    `select id from bucket where account_id = $1 and name = $2 ${lock === "" ? "" : "for key share"}`,
    [ref.accountId, ref.bucket],
  );
  if (bucket === undefined) throw noSuchBucket(ref);
  const [row] = await connection.query<UploadRow>(
    `select ${UPLOAD_COLUMNS} from multipart_upload where id = $1 and bucket_id = $2 and key = $3 ${lock}`,
    [ref.uploadId, bucket.id, encodeKey(ref.key)],
  );
  if (row === undefined) throw noSuchUpload(ref);
  return row;
}

/** A row as the port shows it. */
export function toUpload(bucket: BucketRef, row: UploadRow): Upload {
  const { checksumAlgorithm, checksumType } = row.details;
  return {
    accountId: bucket.accountId,
    bucket: bucket.bucket,
    key: row.key.toString("utf8"),
    uploadId: row.id,
    initiatedAt: row.initiated_at,
    ...(checksumAlgorithm && { checksumAlgorithm }),
    ...(checksumType && { checksumType }),
  };
}

/** A part's row as the port shows it. */
export function toUploadedPart(part: Omit<PartRow, "body_ids">): UploadedPart {
  return {
    number: part.number,
    size: part.size,
    etag: `"${part.etag}"`,
    lastModified: part.modified_at,
    checksum: { algorithm: part.checksum_algorithm, value: part.checksum },
  };
}

export function noSuchUpload({ uploadId }: Pick<UploadRef, "uploadId">): StoreError {
  return new StoreError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { UploadId: uploadId },
  );
}
