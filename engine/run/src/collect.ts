import { lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Objects, packArchive, StoreError } from "@rondo/store";
import { openWithoutFollowing } from "./open-without-following.ts";
import { parseS3Uri } from "./s3-uri.ts";

export interface CollectOptions {
  readonly objects: Objects;
  readonly accountId: string;
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  /** OutputDataConfig.S3OutputPath. */
  readonly outputPath: string;
  readonly jobName: string;
  readonly signal: AbortSignal;
}

/** FailureReason takes 1,024 characters of `output/failure`; a character has at most 4 bytes. */
const MAX_FAILURE_BYTES = 4 * 1024;
const MAX_MESSAGE_BYTES = 1024;

/** `<S3OutputPath>/<job>/output/<file>` */
export function outputUri(outputPath: string, jobName: string, file: string): string {
  return `${outputPath.replace(/\/+$/, "")}/${jobName}/output/${file}`;
}

/** Packs `model/` to `model.tar.gz` and returns its URI. Repeating it replaces the object. Throws StoreError, NoSuchBucket among them. */
export async function collectModel(options: CollectOptions): Promise<string> {
  return await upload(options, "model", "model.tar.gz");
}

/** Packs `output/data/` to `output.tar.gz` when something is in it. */
export async function collectOutput(options: CollectOptions): Promise<string | undefined> {
  const folder = join("output", "data");
  const names = await readdir(join(options.directory, folder)).catch(() => []);
  return names.length === 0 ? undefined : await upload(options, folder, "output.tar.gz");
}

/** The beginning of `output/failure`; undefined when the program wrote none. */
export async function readFailure(directory: string): Promise<string | undefined> {
  return await readBeginning(join(directory, "output", "failure"), MAX_FAILURE_BYTES);
}

/** The first KiB of `output/message`, a processing job's ExitMessage; undefined when the program wrote none. */
export async function readExitMessage(directory: string): Promise<string | undefined> {
  return await readBeginning(join(directory, "output", "message"), MAX_MESSAGE_BYTES);
}

async function readBeginning(path: string, maxBytes: number): Promise<string | undefined> {
  await using file = await openWithoutFollowing(path);
  if (file === undefined) return undefined;
  const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
  // PostgreSQL's text takes no NUL. A character that the limit cuts in two is left out.
  const text = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: bytesRead === maxBytes });
  return text.replaceAll("\0", "\uFFFD").trim();
}

/** What the program has deleted is packed as empty; something else in its place throws StoreError. */
async function requireFolder(path: string, folder: string): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (status === undefined) await mkdir(path, { recursive: true });
  else if (!status.isDirectory()) throw new StoreError("InvalidArchive", `${folder} is not a folder any more.`);
}

async function upload(options: CollectOptions, folder: string, file: string): Promise<string> {
  const uri = outputUri(options.outputPath, options.jobName, file);
  const location = parseS3Uri(uri);
  if (location === undefined) throw new StoreError("InvalidLocation", `${uri} is not of the form s3://bucket/key.`);
  const { objects, accountId, directory, signal } = options;
  await requireFolder(join(directory, folder), folder);
  const archive = packArchive(join(directory, folder), signal);
  const headers = { contentType: "application/x-tar" };
  await objects.put({ accountId, bucket: location.bucket }, location.key, archive, { headers, signal });
  return uri;
}
