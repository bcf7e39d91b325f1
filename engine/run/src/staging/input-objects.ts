import { ClientError } from "@rondo/images";
import { type ObjectInfo, type Objects, StoreError } from "@rondo/store";
import { parseS3Uri } from "../s3-uri.ts";

/** Objects that a job reads. */
export interface InputObjects {
  /** As messages call it: `channel train`, `input code`. */
  readonly label: string;
  readonly s3Uri: string;
  /** All keys that begin with the URI's, or those that the manifest at the URI lists. */
  readonly dataType: "S3Prefix" | "ManifestFile";
}

/** An object and where it lies below the input's directory, with `/` between segments. */
export interface InputObject {
  readonly object: ObjectInfo;
  readonly path: string;
}

const PAGE = 1000;
/** A manifest is read whole; one of this size lists some 500,000 objects. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** The objects of a input, page by page. Throws ClientError for what cannot be found or read. */
export function inputObjects(objects: Objects, accountId: string, input: InputObjects): AsyncGenerator<InputObject> {
  const bucket = locate(input.s3Uri).bucket;
  const listed = input.dataType === "ManifestFile" ? fromManifest : fromPrefix;
  return withClientErrors(listed(objects, { accountId, bucket }, input), input);
}

async function* fromPrefix(
  objects: Objects,
  bucket: { readonly accountId: string; readonly bucket: string },
  input: InputObjects,
): AsyncGenerator<InputObject> {
  const prefix = locate(input.s3Uri).key;
  let found = false;
  for (let startAfter: string | undefined; ; ) {
    const page = await objects.list({ ...bucket, prefix, startAfter, limit: PAGE });
    for (const object of page.objects) {
      found = true;
      // Consoles make "folders" as empty objects whose keys end in a slash.
      if (!object.key.endsWith("/")) yield { object, path: pathBelow(prefix, object.key) };
    }
    if (page.nextStartAfter === undefined) break;
    startAfter = page.nextStartAfter;
  }
  if (!found) throw new ClientError(`Data download failed: no objects found under ${input.s3Uri} of ${input.label}.`);
}

/**
 * `s3://b/train` as a folder: `train/a/1.csv` → `a/1.csv`; as a plain prefix: `data/part` and `data/part-1.csv` → `part-1.csv`. AWS documents only the
 * first; for the second it keeps the file's name.
 */
function pathBelow(prefix: string, key: string): string {
  const isFolder = prefix !== "" && !prefix.endsWith("/") && key.startsWith(`${prefix}/`);
  if (isFolder) return key.slice(prefix.length + 1);
  return key.slice(prefix.lastIndexOf("/") + 1);
}

/** `[{"prefix": "s3://bucket/folder/"}, "relative/key", …]`: the files lie by their relative keys. */
async function* fromManifest(
  objects: Objects,
  bucket: { readonly accountId: string; readonly bucket: string },
  input: InputObjects,
): AsyncGenerator<InputObject> {
  const { info, body } = await objects.get(bucket, locate(input.s3Uri).key);
  if (info.size > MAX_MANIFEST_BYTES)
    throw new ClientError(`Data download failed: the manifest ${input.s3Uri} is larger than 64 MiB.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) chunks.push(chunk as Uint8Array);
  const { prefix, keys } = parseManifest(Buffer.concat(chunks).toString("utf8"), input);
  const { bucket: source, key: folder } = locate(prefix);
  for (const key of keys) {
    const object = await objects.head({ accountId: bucket.accountId, bucket: source }, folder + key);
    yield { object, path: key };
  }
}

function parseManifest(
  text: string,
  input: InputObjects,
): { readonly prefix: string; readonly keys: readonly string[] } {
  const parsed = parseJson(text);
  const [head, ...keys] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  const prefix = typeof head === "object" && head !== null && "prefix" in head ? head.prefix : undefined;
  if (typeof prefix !== "string" || !keys.every((key) => typeof key === "string")) {
    throw new ClientError(
      `Data download failed: the manifest ${input.s3Uri} is not of the form [{"prefix": "s3://bucket/folder/"}, "key", …].`,
    );
  }
  return { prefix, keys };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function locate(uri: string): { readonly bucket: string; readonly key: string } {
  const location = parseS3Uri(uri);
  if (location === undefined) throw new ClientError(`Data download failed: ${uri} is not of the form s3://bucket/key.`);
  return location;
}

async function* withClientErrors(
  listed: AsyncGenerator<InputObject>,
  input: InputObjects,
): AsyncGenerator<InputObject> {
  try {
    yield* listed;
  } catch (error) {
    if (!(error instanceof StoreError) || !/^(NoSuch|Invalid)/.test(error.code)) throw error;
    throw new ClientError(`Data download failed: ${error.code}: ${error.message} (${input.label}, ${input.s3Uri})`);
  }
}
