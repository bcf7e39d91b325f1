import type { Sql } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import type { BodyPiece, BodyReader } from "./body-reader.ts";
import { rangeOfPart, resolveRange } from "./byte-range.ts";
import { checkReadConditions } from "./conditions.ts";
import { createGroupWork } from "./group-work.ts";
import { noSuchBucket, noSuchKey } from "./object-errors.ts";
import { encodeKey } from "./object-key.ts";
import { type FoundObject, findObjectHead, findObjects, toObjectInfo, type WholeObjectRow } from "./object-rows.ts";
import type { ByteRange, Conditions, GetOptions, ObjectContent, ObjectInfo, ObjectRef } from "./objects.ts";

/** Lookups of one statement, and statements on their way at once. */
const GROUP_ROWS = 64;
const GROUPS = 2;

/** Reading objects, for `get` and for who copies. */
export interface ObjectReads {
  /** The whole row. Throws NoSuchBucket or NoSuchKey. */
  find(object: ObjectRef): Promise<WholeObjectRow>;
  head(object: ObjectRef, conditions?: Conditions): Promise<ObjectInfo>;
  get(object: ObjectRef, options?: GetOptions): Promise<ObjectContent>;
  /** The content of a row that was found before. */
  open(row: WholeObjectRow, info: ObjectInfo, range?: ByteRange): Promise<ObjectContent>;
}

/** Reads inline bodies with their row and streams the others. */
export function createObjectReads({ sql, reader }: { readonly sql: Sql; readonly reader: BodyReader }): ObjectReads {
  const findInGroup = createGroupWork<ObjectRef, FoundObject>({
    concurrency: GROUPS,
    maxItems: GROUP_ROWS,
    run: (objects) => findObjects(sql, objects),
  });

  const find: ObjectReads["find"] = async (object) => {
    // Before the group: a bad key is its own client's mistake.
    encodeKey(object.key);
    const found = await findInGroup(object);
    if (found === "no-bucket") throw noSuchBucket(object);
    if (found === "no-key") throw noSuchKey(object);
    return found;
  };

  const open: ObjectReads["open"] = async (row, info, range) => {
    const found = range === undefined ? { info } : { info, range };
    if (row.body !== null) {
      return { ...found, body: range === undefined ? row.body : row.body.subarray(range.start, range.end + 1) };
    }
    return { ...found, body: await reader.read(piecesOf(row), range ?? { start: 0, end: row.size - 1 }) };
  };

  return {
    find,
    async head(object, conditions) {
      const info = toObjectInfo(object, await findObjectHead(sql, object));
      if (conditions !== undefined) checkReadConditions(info, conditions);
      return info;
    },
    open,
    async get(object, { range, partNumber, conditions } = {}) {
      const row = await find(object);
      const info = toObjectInfo(object, row);
      if (conditions !== undefined) checkReadConditions(info, conditions);
      if (range !== undefined && partNumber !== undefined) {
        throw new StoreError("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
      }
      if (partNumber !== undefined) return open(row, info, rangeOfPart(partNumber, row.size, info.parts));
      return open(row, info, range === undefined ? undefined : resolveRange(range, row.size));
    },
  };
}

function piecesOf({ size, parts, body_ids }: WholeObjectRow): BodyPiece[] {
  const ids = body_ids ?? [];
  return ids.map((id, index) => ({ id, size: parts?.[index]?.size ?? size }));
}
