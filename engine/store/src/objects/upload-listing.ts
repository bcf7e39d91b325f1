import type { Sql } from "../sql.ts";
import type { Upload, UploadList, UploadListQuery } from "./multipart-uploads.ts";
import { endOfPrefix } from "./object-key.ts";
import { commonPrefixOf, firstKey } from "./object-listing.ts";
import { findBucketId } from "./object-rows.ts";
import { toUpload, UPLOAD_COLUMNS, type UploadRow } from "./upload-rows.ts";

/** Rows read at once. */
const PAGE = 1000;

/** Uploads in the order of key and id, those below a common prefix rolled up. Throws NoSuchBucket. */
export async function listUploads(sql: Sql, query: UploadListQuery): Promise<UploadList> {
  const bucketId = await findBucketId(sql, query);
  const { prefix = "", delimiter = "", keyMarker = "", uploadIdMarker = "", limit } = query;
  const uploads: Upload[] = [];
  const commonPrefixes: string[] = [];
  const end = endOfPrefix(Buffer.from(prefix)) ?? null;
  // With an upload id the marker's own key is gone on with; without one its first key is beyond it.
  const withinKey = uploadIdMarker !== "" && commonPrefixOf(keyMarker, prefix, delimiter) === undefined;
  let key = withinKey ? Buffer.from(keyMarker) : firstKey({ prefix, delimiter, startAfter: keyMarker });
  let id = withinKey ? uploadIdMarker : "";
  let next: { keyMarker: string; uploadIdMarker: string } | undefined;
  for (;;) {
    const rows = await sql.query<UploadRow>(
      `select ${UPLOAD_COLUMNS} from multipart_upload
       where bucket_id = $1 and (key, id) > ($2::bytea, $3) and ($4::bytea is null or key < $4)
       order by key, id limit ${PAGE}`,
      [bucketId, key, id, end],
    );
    let skipTo: Buffer | undefined;
    for (const row of rows) {
      const name = row.key.toString("utf8");
      const common = commonPrefixOf(name, prefix, delimiter);
      if (common !== undefined && common === commonPrefixes.at(-1)) continue;
      if (uploads.length + commonPrefixes.length === limit) return { uploads, commonPrefixes, ...(next && { next }) };
      if (common === undefined) uploads.push(toUpload(query, row));
      else commonPrefixes.push(common);
      skipTo = common === undefined ? undefined : endOfPrefix(Buffer.from(common));
      next = { keyMarker: common ?? name, uploadIdMarker: common === undefined ? row.id : "" };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return { uploads, commonPrefixes };
    key = skipTo ?? last.key;
    id = skipTo === undefined ? last.id : "";
  }
}
