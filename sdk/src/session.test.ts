import assert from "node:assert/strict";
import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HeadObjectCommand, ListMultipartUploadsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { startTestServer } from "@rondo/server/testing";
import { Session } from "./session.ts";

const server = await startTestServer();
const session = new Session(server.clientConfig);
after(async () => {
  session.close();
  await server.close();
});

function temporaryFolder() {
  return mkdtempDisposable(join(tmpdir(), "rondo-sdk-"));
}

/** Bytes that differ from place to place, so that swapped parts show. */
function distinctBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index + 4 <= size; index += 4) bytes.writeUInt32LE(index, index);
  return bytes;
}

test("the default bucket is named after region and account and made once", async () => {
  const name = `sagemaker-${server.region}-${server.accountId}`;
  assert.deepEqual(await Promise.all([session.defaultBucket(), session.defaultBucket()]), [name, name]);
  using other = new Session(server.clientConfig);
  assert.equal(await other.defaultBucket(), name);
});

test("a role's name becomes its ARN in this account", async () => {
  assert.equal(await session.roleArn("Trainer"), `arn:aws:iam::${server.accountId}:role/Trainer`);
  assert.equal(await session.roleArn("arn:aws:iam::1:role/x"), "arn:aws:iam::1:role/x");
});

test("a folder goes up and comes down with its subfolders", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "up", "deep"), { recursive: true });
  await writeFile(join(folder.path, "up", "a.txt"), "a");
  await writeFile(join(folder.path, "up", "deep", "ü b.txt"), "b");
  const uri = await session.uploadData(join(folder.path, "up"), { keyPrefix: "folders/one" });
  assert.equal(uri, `s3://${await session.defaultBucket()}/folders/one`);
  const written = await session.downloadData(uri, join(folder.path, "down"));
  assert.deepEqual(written.sort(), [join(folder.path, "down", "a.txt"), join(folder.path, "down", "deep", "ü b.txt")]);
  assert.equal(await readFile(join(folder.path, "down", "deep", "ü b.txt"), "utf8"), "b");
});

test("a prefix does not take in its neighbours", async () => {
  await using folder = await temporaryFolder();
  const bucket = await session.defaultBucket();
  await session.uploadString("1", `s3://${bucket}/near/data/x`);
  await session.uploadString("2", `s3://${bucket}/near/data-2/x`);
  assert.deepEqual(await session.downloadData(`s3://${bucket}/near/data`, folder.path), [join(folder.path, "x")]);
});

test("a large file travels in parts and comes back the same", async () => {
  await using folder = await temporaryFolder();
  const bytes = distinctBytes(20 * 1024 * 1024 + 3);
  const file = join(folder.path, "large.bin");
  await writeFile(file, bytes);
  const progress: number[] = [];
  const uri = await session.uploadData(file, { keyPrefix: "large", onProgress: (moved) => progress.push(moved) });
  assert.equal(progress.length, 3);
  assert.equal(progress.at(-1), bytes.length);
  const head = new HeadObjectCommand({ Bucket: await session.defaultBucket(), Key: "large/large.bin" });
  assert.match((await session.s3.send(head)).ETag ?? "", /-3"$/);
  const [written = ""] = await session.downloadData(uri, join(folder.path, "down"));
  assert.ok(bytes.equals(await readFile(written)));
});

test("an upload that is aborted leaves no parts behind", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "aborted.bin");
  await writeFile(file, distinctBytes(40 * 1024 * 1024));
  const abort = new AbortController();
  const upload = session.uploadData(file, {
    keyPrefix: "aborted",
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  await assert.rejects(upload, { name: "AbortError" });
  const { Uploads = [] } = await session.s3.send(
    new ListMultipartUploadsCommand({ Bucket: await session.defaultBucket() }),
  );
  assert.deepEqual(Uploads, []);
});

test("a key that would lead out of the folder is refused", async () => {
  await using folder = await temporaryFolder();
  const Bucket = await session.defaultBucket();
  await session.s3.send(new PutObjectCommand({ Bucket, Key: "evil/../../outside.txt", Body: "x" }));
  await assert.rejects(
    session.downloadData(`s3://${Bucket}/evil/`, join(folder.path, "down")),
    /would be written outside/,
  );
});

test("small objects are read as text, missing ones as undefined", async () => {
  const uri = `s3://${await session.defaultBucket()}/reports/one.json`;
  assert.equal(await session.downloadString(uri), undefined);
  await session.uploadString("{}", uri);
  assert.equal(await session.downloadString(uri), "{}");
});

test("nothing to download is an error, not an empty success", async () => {
  const bucket = await session.defaultBucket();
  await assert.rejects(session.downloadData(`s3://${bucket}/none`, tmpdir()), /There is no object at s3:\/\/.*\/none/);
});
