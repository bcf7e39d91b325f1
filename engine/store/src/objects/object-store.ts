import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Sql } from "../sql.ts";
import type { Bodies } from "./bodies.ts";
import { type BodyIntake, keepBody, type TakenBody, takeBody } from "./body-intake.ts";
import { createBodyReader } from "./body-reader.ts";
import { createBuckets } from "./buckets.ts";
import { createObjectChanges } from "./object-changes.ts";
import { createObjectCopies } from "./object-copies.ts";
import { encodeKey } from "./object-key.ts";
import { listObjects } from "./object-listing.ts";
import { createObjectReads } from "./object-reads.ts";
import { findBucketId } from "./object-rows.ts";
import { putObjectTags } from "./object-tags.ts";
import type { ObjectWrite } from "./object-writes.ts";
import type { ObjectRef, Objects, PutOptions } from "./objects.ts";
import { sweepBodies } from "./orphan-sweep.ts";
import { createMultipartUploads } from "./sql-multipart-uploads.ts";

export interface ObjectsOptions {
  readonly sql: Sql;
  /** The home of larger bodies; closed together with the objects. */
  readonly bodies: Bodies;
  readonly clock: Clock;
  /**
   * Bytes up to which a body lies in its row. Default 16 KiB: up to there the row costs less than a file, whose creation dominates (docs: hot
   * path); beyond it the write-ahead log would carry every byte twice.
   */
  readonly inlineBytes?: number;
  /** How long a replaced body is kept for readers in other processes. Default 10 minutes. */
  readonly graceMs?: number;
  /** How old a body without a row must be to be swept. Default 1 hour. */
  readonly orphanAgeMs?: number;
  readonly createId?: () => string;
}

/** Opens the objects that lie in a database and a home of bodies. */
export function createObjects(options: ObjectsOptions): Objects {
  const { sql, bodies, clock, inlineBytes = 16 << 10, createId = randomUUID } = options;
  const { graceMs = 600_000, orphanAgeMs = 3_600_000 } = options;
  const intake: BodyIntake = { bodies, inlineBytes, createId };
  const reader = createBodyReader(bodies);
  const changes = createObjectChanges({ sql, clock });
  const reads = createObjectReads({ sql, reader });

  const put: Objects["put"] = async (bucket, key, body, putOptions = {}) => {
    const object: ObjectRef = { accountId: bucket.accountId, bucket: bucket.bucket, key };
    // Before a byte of the body is read or stored.
    encodeKey(key);
    if (!(body instanceof Uint8Array)) await findBucketId(sql, bucket);
    const taken = await takeBody(intake, body, putOptions);
    return keepBody(bodies, taken, () => changes.write(describePut(object, taken, putOptions), putOptions.conditions));
  };

  return {
    ...createBuckets({ sql, clock }),
    put,
    head: (bucket, key, headOptions) => reads.head(refer(bucket, key), headOptions?.conditions),
    get: (bucket, key, getOptions) => reads.get(refer(bucket, key), getOptions),
    copy: createObjectCopies({ reads, changes, put }),
    putTags: (bucket, key, tags) => putObjectTags(sql, refer(bucket, key), tags),
    delete: (bucket, key, conditions) => changes.delete(refer(bucket, key), conditions),
    list: (query) => listObjects(sql, query),
    uploads: createMultipartUploads({ sql, clock, reads, intake }),
    sweepOrphans: () => sweepBodies({ sql, bodies, reader, clock, graceMs, orphanAgeMs }),
    describe: () => bodies.describe(),
    close: () => bodies.close(),
  };
}

function refer({ accountId, bucket }: { accountId: string; bucket: string }, key: string): ObjectRef {
  return { accountId, bucket, key };
}

function describePut(object: ObjectRef, { digest, content }: TakenBody, options: PutOptions): ObjectWrite {
  const { headers, metadata, tags } = options;
  return {
    ...object,
    kind: "write",
    size: digest.size,
    etag: digest.md5,
    details: { headers, metadata, checksum: { ...digest.checksum, type: "FULL_OBJECT" } },
    tags,
    parts: undefined,
    content: "inline" in content ? content : { ids: [content.id] },
  };
}
