/**
 * One object of a gibibyte up and down through the official client, both ways as streams, and what the server's memory does meanwhile.
 *
 *     node bench/src/large-object.ts --mebibytes 1024
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { launchServer } from "@rondo/conformance/launch-server";
import { processMemory } from "./process-memory.ts";
import { writeResult } from "./write-result.ts";

const mebibyte = 2 ** 20;
const mostGrowthBytes = 100_000_000;
const { values } = parseArgs({ options: { mebibytes: { type: "string", default: "1024" } } });
const mebibytes = Number(values.mebibytes);

/** Bytes that differ from one mebibyte to the next, so that a piece in the wrong place is noticed. */
function* content(): Generator<Buffer> {
  const piece = Buffer.alloc(mebibyte);
  for (let index = 0; index < mebibytes; index += 1) {
    piece.fill(index % 251);
    piece.writeUInt32LE(index, 0);
    yield Buffer.from(piece);
  }
}

await using server = await launchServer();
Object.assign(process.env, server.variables);
const s3 = new S3Client({ forcePathStyle: true });
const pid = server.process.pid!;
await s3.send(new CreateBucketCommand({ Bucket: "large" }));
await s3.send(new PutObjectCommand({ Bucket: "large", Key: "warm-up", Body: Buffer.alloc(8 * mebibyte) }));
const before = processMemory(pid).bytes;

const size = mebibytes * mebibyte;
const upStart = performance.now();
await s3.send(
  new PutObjectCommand({ Bucket: "large", Key: "object", Body: Readable.from(content()), ContentLength: size }),
);
const upSeconds = (performance.now() - upStart) / 1000;

const expected = createHash("sha256");
for (const piece of content()) expected.update(piece);
const downStart = performance.now();
const { Body } = await s3.send(new GetObjectCommand({ Bucket: "large", Key: "object" }));
const found = createHash("sha256");
for await (const piece of Body as Readable) found.update(piece as Buffer);
const downSeconds = (performance.now() - downStart) / 1000;
if (found.digest("hex") !== expected.digest("hex")) throw new Error("What came down is not what went up");

const growthBytes = processMemory(pid).peakBytes - before;
const reached = growthBytes < mostGrowthBytes;
console.log(
  `${mebibytes} MiB up in ${upSeconds.toFixed(1)} s, down in ${downSeconds.toFixed(1)} s; the server's memory grew by at most ` +
    `${(growthBytes / 1e6).toFixed(0)} MB (goal: below ${mostGrowthBytes / 1e6} MB) ${reached ? "reached" : "MISSED"}`,
);
await writeResult("large-object", {
  mebibytes,
  upSeconds,
  downSeconds,
  memoryBeforeBytes: before,
  growthBytes,
  reached,
});
if (!reached) process.exitCode = 1;
