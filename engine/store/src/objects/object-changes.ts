import type { Clock } from "../clock.ts";
import type { Sql, SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { createGroupWork } from "./group-work.ts";
import { noSuchBucket, preconditionFailed } from "./object-errors.ts";
import {
  type ChangeOutcome,
  deleteObjects,
  insertObject,
  lockMatching,
  type ObjectChange,
  type ObjectDeletion,
  type ObjectWrite,
  upsertObjects,
} from "./object-writes.ts";
import type { Conditions, ObjectInfo, ObjectRef, WriteConditions } from "./objects.ts";

/** Changes of rows, each durable when it resolves. */
export interface ObjectChanges {
  write(write: ObjectWrite, conditions?: WriteConditions): Promise<ObjectInfo>;
  delete(object: ObjectRef, conditions?: Pick<Conditions, "ifMatch">): Promise<void>;
}

/** Rows of one transaction; beyond some hundred a commit is no cheaper per row. */
const GROUP_ROWS = 256;

/** Bytes of the bodies of one transaction. */
const GROUP_BYTES = 2 << 20;

interface TimedOutcome {
  readonly outcome: ChangeOutcome;
  readonly at: Date;
}

/** Concurrent changes share a transaction; conditional ones have their own. */
export function createObjectChanges({ sql, clock }: { readonly sql: Sql; readonly clock: Clock }): ObjectChanges {
  const changeInGroup = createGroupWork<ObjectChange, TimedOutcome>({
    // One at a time: a second transaction on its way made groups smaller and nothing faster.
    concurrency: 1,
    maxItems: GROUP_ROWS,
    nameOf: (change) => `${change.accountId}/${change.bucket}/${change.key}`,
    weightOf: (change) => (change.kind === "write" && "inline" in change.content ? change.size : 0),
    maxWeight: GROUP_BYTES,
    run: async (changes) => {
      const at = wholeSeconds(clock.now());
      const outcomes = await runChanges(sql, changes, at);
      return outcomes.map((outcome) => ({ outcome, at }));
    },
  });

  return {
    async write(write, conditions = {}) {
      const { outcome, at } =
        conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined
          ? await changeInGroup(write)
          : await writeConditionally({ sql, at: wholeSeconds(clock.now()) }, write, conditions);
      if (outcome === "no-bucket") throw noSuchBucket(write);
      if (outcome === "exists") throw preconditionFailed("If-None-Match");
      return describeWrite(write, at);
    },
    async delete(object, { ifMatch } = {}) {
      const change: ObjectDeletion = { kind: "delete", ...object };
      const outcome =
        ifMatch === undefined
          ? (await changeInGroup(change)).outcome
          : await sql.transaction(async (transaction) => {
              await lockMatching(transaction, object, ifMatch);
              return (await deleteObjects(transaction, [change]))[0];
            });
      if (outcome === "no-bucket") throw noSuchBucket(object);
    },
  };
}

async function runChanges(sql: Sql, changes: readonly ObjectChange[], at: Date): Promise<ChangeOutcome[]> {
  const writes = changes.filter((change) => change.kind === "write");
  const deletions = changes.filter((change) => change.kind === "delete");
  if (deletions.length === 0) return upsertObjects(sql, writes, at);
  if (writes.length === 0) return deleteObjects(sql, deletions);
  return sql.transaction(async (transaction) => {
    const written = (await upsertObjects(transaction, writes, at)).values();
    const deleted = (await deleteObjects(transaction, deletions)).values();
    return changes.map((change) => (change.kind === "write" ? written : deleted).next().value as ChangeOutcome);
  });
}

/** Atomic against every other write: a unique key or a row lock decides. */
export async function writeConditionally(
  { sql, at }: { readonly sql: Sql; readonly at: Date },
  write: ObjectWrite,
  conditions: WriteConditions,
): Promise<TimedOutcome> {
  return sql.transaction(async (transaction) => ({
    outcome: await writeIn(transaction, { write, at }, conditions),
    at,
  }));
}

/** The same as part of a transaction. */
export async function writeIn(
  transaction: SqlConnection,
  { write, at }: { readonly write: ObjectWrite; readonly at: Date },
  { ifMatch, ifNoneMatch }: WriteConditions,
): Promise<ChangeOutcome> {
  if (ifNoneMatch !== undefined && (ifNoneMatch !== "*" || ifMatch !== undefined)) {
    throw new StoreError("NotImplemented", "A header you provided implies functionality that is not implemented", {
      Header: "If-None-Match",
    });
  }
  if (ifNoneMatch === "*") return insertObject(transaction, write, at);
  if (ifMatch !== undefined) await lockMatching(transaction, write, ifMatch);
  const [outcome] = await upsertObjects(transaction, [write], at);
  return outcome as ChangeOutcome;
}

/** S3's times have whole seconds. */
export function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** What a write made of its object. */
export function describeWrite(write: ObjectWrite, at: Date): ObjectInfo {
  const { headers = {}, metadata = {}, checksum } = write.details;
  return {
    accountId: write.accountId,
    bucket: write.bucket,
    key: write.key,
    size: write.size,
    etag: `"${write.etag}"`,
    lastModified: at,
    headers,
    metadata,
    tags: write.tags ?? {},
    ...(checksum && { checksum }),
    ...(write.parts && { parts: write.parts }),
  };
}
