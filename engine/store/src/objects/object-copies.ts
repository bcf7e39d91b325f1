import { StoreError } from "../store-error.ts";
import { checkCopyConditions } from "./conditions.ts";
import type { ObjectChanges } from "./object-changes.ts";
import type { ObjectReads } from "./object-reads.ts";
import { toObjectInfo, type WholeObjectRow } from "./object-rows.ts";
import type { ObjectWrite } from "./object-writes.ts";
import type { CopyOptions, ObjectInfo, ObjectRef, Objects } from "./objects.ts";

export interface CopyPorts {
  readonly reads: ObjectReads;
  readonly changes: ObjectChanges;
  readonly put: Objects["put"];
}

/** How often a copy looks again when its source is replaced under its hands. */
const ATTEMPTS = 5;

/** Copies within the store. */
export function createObjectCopies(ports: CopyPorts): Objects["copy"] {
  return async (source, destination, options = {}) => {
    for (let attempt = 1; ; attempt++) {
      const row = await ports.reads.find(source);
      const info = toObjectInfo(source, row);
      if (options.sourceConditions !== undefined) checkCopyConditions(info, options.sourceConditions);
      const shared = shareBody({ row, info }, destination, options);
      if (shared === undefined) return copyBytes(ports, { row, info, destination }, options);
      try {
        return await ports.changes.write(shared, options.conditions);
      } catch (error) {
        if (error instanceof StoreError || attempt === ATTEMPTS || !isDiscardedBody(error)) throw error;
      }
    }
  };
}

/** A row that refers to the same body; undefined when S3 would compute something anew that needs the bytes. */
function shareBody(
  { row, info }: { readonly row: WholeObjectRow; readonly info: ObjectInfo },
  destination: ObjectRef,
  options: CopyOptions,
): ObjectWrite | undefined {
  const algorithm = options.checksumAlgorithm ?? info.checksum?.algorithm;
  if (info.parts !== undefined || algorithm !== info.checksum?.algorithm) return undefined;
  return {
    ...destination,
    kind: "write",
    size: row.size,
    etag: row.etag,
    details: { ...describeCopy(info, options), checksum: info.checksum },
    tags: options.tags ?? info.tags,
    parts: undefined,
    content: row.body === null ? { ids: row.body_ids ?? [] } : { inline: row.body },
  };
}

interface CopiedObject {
  readonly row: WholeObjectRow;
  readonly info: ObjectInfo;
  readonly destination: ObjectRef;
}

async function copyBytes(
  { reads, put }: CopyPorts,
  { row, info, destination }: CopiedObject,
  options: CopyOptions,
): Promise<ObjectInfo> {
  const { body } = await reads.open(row, info);
  const algorithm = options.checksumAlgorithm ?? info.checksum?.algorithm;
  return put(destination, destination.key, body, {
    ...describeCopy(info, options),
    tags: options.tags ?? info.tags,
    conditions: options.conditions,
    signal: options.signal,
    ...(algorithm && { checksum: { algorithm } }),
  });
}

function describeCopy(info: ObjectInfo, options: CopyOptions): Pick<ObjectInfo, "headers" | "metadata"> {
  return { headers: options.headers ?? info.headers, metadata: options.metadata ?? info.metadata };
}

/** The error that the trigger raises (migration 0002). */
function isDiscardedBody(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40001";
}
