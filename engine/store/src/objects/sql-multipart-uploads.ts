import type { Clock } from "../clock.ts";
import type { Sql } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { type BodyIntake, keepBody, takeBody } from "./body-intake.ts";
import { resolveRange } from "./byte-range.ts";
import { completeUpload } from "./complete-upload.ts";
import { checkCopyConditions } from "./conditions.ts";
import { DEFAULT_CHECKSUM } from "./digest.ts";
import type { MultipartUploads } from "./multipart-uploads.ts";
import { wholeSeconds } from "./object-changes.ts";
import { encodeKey } from "./object-key.ts";
import type { ObjectReads } from "./object-reads.ts";
import { findBucketId } from "./object-rows.ts";
import type { AnnouncedBody } from "./objects.ts";
import { listUploads } from "./upload-listing.ts";
import {
  findUpload,
  noSuchUpload,
  PART_COLUMNS,
  type PartRow,
  toUpload,
  toUploadedPart,
  type UploadRow,
} from "./upload-rows.ts";

export interface UploadPorts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly reads: ObjectReads;
  readonly intake: BodyIntake;
}

const MAX_PARTS = 10_000;

/** Multipart uploads whose bookkeeping lies in SQL; their parts are never inline. */
export function createMultipartUploads({ sql, clock, reads, intake }: UploadPorts): MultipartUploads {
  const partIntake: BodyIntake = { ...intake, inlineBytes: -1 };

  const putPart: MultipartUploads["putPart"] = async (ref, number, body, announced = {}) => {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
      throw new StoreError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", {
        ArgumentName: "partNumber",
        ArgumentValue: number,
      });
    }
    const row = await findUpload(sql, ref);
    const taken = await takeBody(partIntake, body, withAlgorithm(announced, row));
    const { digest, content } = taken;
    const part = {
      number,
      size: digest.size,
      etag: digest.md5,
      checksum_algorithm: digest.checksum.algorithm,
      checksum: digest.checksum.value,
      modified_at: wholeSeconds(clock.now()),
    };
    await keepBody(intake.bodies, taken, () =>
      insertPart(sql, ref.uploadId, part, "id" in content ? [content.id] : []),
    );
    return toUploadedPart(part);
  };

  return {
    async create(object, { headers, metadata, tags, checksumAlgorithm, checksumType } = {}) {
      const bucketId = await findBucketId(sql, object);
      const details: UploadRow["details"] = { headers, metadata, checksumAlgorithm, checksumType };
      const [row] = await sql.query<UploadRow>(
        `insert into multipart_upload (id, bucket_id, key, initiated_at, details, tags) values ($1, $2, $3, $4, $5, $6)
         returning id, bucket_id, key, initiated_at, details, tags`,
        [
          intake.createId().replaceAll("-", ""),
          bucketId,
          encodeKey(object.key),
          wholeSeconds(clock.now()),
          JSON.stringify(details),
          tags && JSON.stringify(tags),
        ],
      );
      return toUpload(object, row as UploadRow);
    },
    putPart,
    async copyPart(upload, number, from) {
      const info = await reads.head(from.source);
      if (from.conditions !== undefined) checkCopyConditions(info, from.conditions);
      if (from.range !== undefined) checkCopyRange(from.range, info.size);
      const { body } = await reads.get(from.source, { range: from.range, conditions: { ifMatch: info.etag } });
      return putPart(upload, number, body, { signal: from.signal });
    },
    async listParts(ref, { after, limit }) {
      const row = await findUpload(sql, ref);
      const parts = await sql.query<PartRow>(
        `select ${PART_COLUMNS} from multipart_part where upload_id = $1 and number > $2 order by number limit $3`,
        [ref.uploadId, after, limit + 1],
      );
      return {
        upload: toUpload(ref, row),
        parts: parts.slice(0, limit).map(toUploadedPart),
        more: parts.length > limit,
      };
    },
    list: (query) => listUploads(sql, query),
    complete: (ref, options) => completeUpload({ sql, at: wholeSeconds(clock.now()) }, ref, options),
    async abort(ref) {
      const row = await findUpload(sql, ref);
      const gone = await sql.query("delete from multipart_upload where id = $1 returning id", [row.id]);
      if (gone.length === 0) throw noSuchUpload(ref);
    },
  };
}

/** The upload's algorithm counts: a part that brings a value of another one is refused. An upload without one takes each part's. */
function withAlgorithm(announced: AnnouncedBody, { details }: UploadRow): AnnouncedBody {
  const algorithm = details.checksumAlgorithm ?? announced.checksum?.algorithm ?? DEFAULT_CHECKSUM;
  if (announced.checksum !== undefined && announced.checksum.algorithm !== algorithm) {
    throw new StoreError(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${announced.checksum.algorithm.toLowerCase()}`,
    );
  }
  return { ...announced, checksum: { ...announced.checksum, algorithm } };
}

type NewPart = Omit<PartRow, "body_ids">;

async function insertPart(sql: Sql, uploadId: string, part: NewPart, ids: readonly string[]): Promise<void> {
  // The lock on the upload orders parts before or after its completion.
  const written = await sql.query(
    `with upload as (select id from multipart_upload where id = $1 for key share)
     insert into multipart_part (upload_id, number, size, etag, checksum_algorithm, checksum, modified_at, body_ids)
     select id, $2, $3, $4, $5, $6, $7, $8 from upload
     on conflict (upload_id, number) do update set size = excluded.size, etag = excluded.etag,
       checksum_algorithm = excluded.checksum_algorithm, checksum = excluded.checksum, modified_at = excluded.modified_at, body_ids = excluded.body_ids
     returning 1 as written`,
    [uploadId, part.number, part.size, part.etag, part.checksum_algorithm, part.checksum, part.modified_at, ids],
  );
  if (written.length === 0) throw noSuchUpload({ uploadId });
}

/** Unlike that of a read, the range of a copy must name first and last byte and lie within the source. */
function checkCopyRange(header: string, size: number): void {
  const [, last] = /^bytes=\d+-(\d+)$/.exec(header) ?? [];
  if (last === undefined || resolveRange(header, size) === undefined) {
    throw new StoreError("InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last");
  }
  if (Number(last) >= size) {
    throw new StoreError("InvalidArgument", `Range specified is not valid for source object of size: ${size}`);
  }
}
