import { createHash, randomInt, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

export interface HistoryOptions {
  readonly client: S3Client;
  /** An empty bucket. */
  readonly bucket: string;
  readonly seconds: number;
  /** Clients that work at the same time. */
  readonly clients: number;
  /** Keys that they share. Few keys make many conflicts. Default 48. */
  readonly keys?: number;
}

export interface HistoryReport {
  readonly puts: number;
  readonly gets: number;
  readonly lists: number;
  readonly deletes: number;
  /** One line each; empty when every read saw what it had to. */
  readonly anomalies: readonly string[];
}

/** The ETag of what was written; undefined for a deletion. */
type Value = string | undefined;

/** One write as its client saw it, in milliseconds; `end` is infinite while it is under way or when its outcome is unknown. */
interface Write {
  readonly value: Value;
  readonly start: number;
  end: number;
}

/** Some bodies lie in rows and some in files. */
const BODY_SIZES = [0, 100, 2000, 40_000] as const;

/**
 * Has many clients put, get, list and delete the same keys and checks each read against the writes around it (a key is an atomic register; Herlihy
 * and Wing 1990): a read may return the value of a write that began before the read ended, unless another write that began after that one had
 * ended was itself finished before the read began. Every put writes a value of its own, so that its ETag names it.
 */
export async function checkS3History(options: HistoryOptions): Promise<HistoryReport> {
  const { client, bucket, seconds, clients, keys = 48 } = options;
  const register = createRegister();
  const counts = { puts: 0, gets: 0, lists: 0, deletes: 0 };
  const names = Array.from({ length: keys }, (_, index) => `folder-${index % 4}/key-${index}`);
  const until = performance.now() + seconds * 1000;

  const put = async (key: string): Promise<void> => {
    const body = randomUUID() + "x".repeat(BODY_SIZES[randomInt(BODY_SIZES.length)] ?? 0);
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    await register.write(key, etag, () => client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })));
    counts.puts++;
  };
  const remove = async (key: string): Promise<void> => {
    await register.write(key, undefined, () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    counts.deletes++;
  };
  const get = async (key: string): Promise<void> => {
    const start = performance.now();
    const value = await readObject(client, bucket, key);
    register.checkRead("get", key, { value, start, end: performance.now() });
    counts.gets++;
  };
  const list = async (prefix: string): Promise<void> => {
    const start = performance.now();
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const end = performance.now();
    const found = new Map(Contents.map((object) => [object.Key, object.ETag]));
    for (const key of names) {
      if (key.startsWith(prefix)) register.checkRead("list", key, { value: found.get(key), start, end });
    }
    counts.lists++;
  };
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      const key = names[randomInt(names.length)] ?? "";
      const choice = randomInt(10);
      if (choice < 3) await put(key);
      else if (choice < 4) await remove(key);
      else if (choice < 5) await list(key.slice(0, key.indexOf("/") + 1));
      else await get(key);
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
  return { ...counts, anomalies: register.anomalies };
}

/** The ETag of the bytes that came, which must be the one that the answer names. */
async function readObject(client: S3Client, bucket: string, key: string): Promise<Value> {
  try {
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const computed = `"${createHash("md5").update(bytes).digest("hex")}"`;
    return computed === ETag ? ETag : `torn: the bytes are ${computed}, the answer says ${ETag}`;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** The writes of each key, and the reads that they do not explain. */
export function createRegister() {
  const writes = new Map<string, Write[]>();
  const anomalies: string[] = [];
  const historyOf = (key: string): Write[] => {
    let history = writes.get(key);
    if (history === undefined) {
      history = [{ value: undefined, start: Number.NEGATIVE_INFINITY, end: Number.NEGATIVE_INFINITY }];
      writes.set(key, history);
    }
    return history;
  };
  return {
    anomalies,
    async write(key: string, value: Value, send: () => Promise<unknown>): Promise<void> {
      const write: Write = { value, start: performance.now(), end: Number.POSITIVE_INFINITY };
      historyOf(key).push(write);
      await send();
      write.end = performance.now();
    },
    checkRead(kind: string, key: string, read: Write): void {
      const history = historyOf(key);
      if (!history.some((write) => explains(history, write, read))) {
        anomalies.push(`${kind} of ${key} returned ${read.value ?? "nothing"}, which was not there at that time`);
      }
    },
  };
}

function explains(history: readonly Write[], write: Write, read: Write): boolean {
  if (write.value !== read.value || write.start > read.end) return false;
  return !history.some((other) => other !== write && other.start > write.end && other.end < read.start);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: "string", default: "60" }, clients: { type: "string", default: "32" } },
  });
  const client = new S3Client({ forcePathStyle: true });
  const bucket = `s3-history-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const seconds = Number(values.seconds);
  const report = await checkS3History({ client, bucket, seconds, clients: Number(values.clients) });
  await emptyBucket(client, bucket);
  const { anomalies, ...counts } = report;
  for (const anomaly of anomalies.slice(0, 20)) console.error(anomaly);
  console.log(JSON.stringify({ ...counts, anomalies: anomalies.length }));
  process.exitCode = anomalies.length === 0 ? 0 : 1;
}

async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    if (Contents.length === 0) break;
    for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  }
  await client.send(new DeleteBucketCommand({ Bucket: bucket }));
}

if (import.meta.main) await main();
