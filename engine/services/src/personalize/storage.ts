import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type BucketRef, type ObjectInfo, type Objects, type Owner, StoreError } from "@rondo/store";

/** The account of what Personalize keeps for itself. It is no account that a caller can have: theirs are 12 digits. */
export const INTERNAL_ACCOUNT = "rondo";

const BUCKET_PREFIX = "personalize-";
const PAGE = 1000;

/** Imported rows, models and reports, as objects that no caller sees: a bucket for each account and region. */
export interface PersonalizeStorage {
  /** Puts a file. Repeating it replaces the object. Throws StoreError. */
  putFile(owner: Owner, key: string, path: string, signal: AbortSignal): Promise<ObjectInfo>;
  put(
    owner: Owner,
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<ObjectInfo>;
  /** Copies an object to a file, in a folder that is made. Throws StoreError NoSuchKey. */
  getFile(owner: Owner, key: string, path: string, signal: AbortSignal): Promise<void>;
  /** For what is small. Undefined when it is not there. */
  get(owner: Owner, key: string): Promise<Buffer | undefined>;
  delete(owner: Owner, keys: readonly string[]): Promise<void>;
  /** Deletes every object whose key begins with the prefix. */
  deletePrefix(owner: Owner, prefix: string, signal: AbortSignal): Promise<void>;
}

/** Where the rows of a dataset lie: `name` is its row's, `<group>/<TYPE>`. */
export function segmentPrefix(name: string): string {
  return `datasets/${name}/`;
}

/** The segment that a run wrote; those of an erasure are numbered. */
export function segmentKey(name: string, runId: string): string {
  return `${segmentPrefix(name)}${runId}.parquet`;
}

/** Where imports tell of the rows that they refused: `name` is a dataset's as above, or a group's. They quote what could not be read, so that an erasure deletes them. */
export function importReportPrefix(name: string): string {
  return `import-reports/${name}/`;
}

/** The report of the import that brought a segment. */
export function importReportKey(segment: string): string {
  return segment.replace(/^datasets\/(.*)\.parquet$/, "import-reports/$1.json");
}

/** The bucket of an account and region. */
export function personalizeBucket({ accountId, region }: Owner): BucketRef {
  return { accountId: INTERNAL_ACCOUNT, bucket: `${BUCKET_PREFIX}${accountId}-${region}` };
}

/** Whose a bucket of `personalizeBucket` is. */
export function bucketOwner(bucket: string): Owner | undefined {
  const [, accountId, region] = /^personalize-(\d{12})-(.+)$/.exec(bucket) ?? [];
  return accountId === undefined || region === undefined ? undefined : { accountId, region };
}

/** `s3://personalize-111122223333-eu-west-1/solution-versions/…` */
export function internalUri(owner: Owner, key: string): string {
  return `s3://${personalizeBucket(owner).bucket}/${key}`;
}

export function createPersonalizeStorage({ objects }: { readonly objects: Objects }): PersonalizeStorage {
  /** Puts, and makes the bucket when it is not there yet. The body is asked for again then. */
  async function putInBucket(owner: Owner, put: (bucket: BucketRef) => Promise<ObjectInfo>): Promise<ObjectInfo> {
    const bucket = personalizeBucket(owner);
    if ((await objects.findBucket(bucket)) === undefined) await makeBucket({ ...bucket, region: owner.region });
    return await put(bucket);
  }

  async function makeBucket(bucket: BucketRef & { readonly region: string }): Promise<void> {
    await objects.createBucket(bucket).catch((error: unknown) => {
      // Another one was faster.
      if (!(error instanceof StoreError) || error.code !== "BucketAlreadyOwnedByYou") throw error;
    });
  }

  async function remove(owner: Owner, keys: readonly string[]): Promise<void> {
    const bucket = personalizeBucket(owner);
    for (const key of keys) await unlessMissing(objects.delete(bucket, key));
  }

  return {
    putFile: (owner, key, path, signal) =>
      putInBucket(owner, (bucket) => objects.put(bucket, key, createReadStream(path), { signal })),
    put: (owner, key, body, signal) => putInBucket(owner, (bucket) => objects.put(bucket, key, body, { signal })),
    async getFile(owner, key, path, signal) {
      const { body } = await objects.get(personalizeBucket(owner), key);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(Buffer.isBuffer(body) ? Readable.from([body]) : body, createWriteStream(path), { signal });
    },
    async get(owner, key) {
      const content = await unlessMissing(objects.get(personalizeBucket(owner), key));
      if (content === undefined || Buffer.isBuffer(content.body)) return content?.body as Buffer | undefined;
      return await buffer(content.body);
    },
    delete: remove,
    async deletePrefix(owner, prefix, signal) {
      const bucket = personalizeBucket(owner);
      for (let more = true; more; ) {
        signal.throwIfAborted();
        const page = await unlessMissing(objects.list({ ...bucket, prefix, limit: PAGE }));
        await remove(owner, page?.objects.map(({ key }) => key) ?? []);
        more = page?.nextStartAfter !== undefined;
      }
    },
  };
}

/** Undefined for what is not there, nor its bucket. */
async function unlessMissing<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  return await promise.catch((error: unknown) => {
    if (error instanceof StoreError && error.code.startsWith("NoSuch")) return undefined;
    throw error;
  });
}
