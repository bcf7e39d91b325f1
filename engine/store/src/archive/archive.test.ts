import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { StoreError } from "../store-error.ts";
import { packArchive } from "./pack-archive.ts";
import { unpackArchive } from "./unpack-archive.ts";

type EntryHeader = Pick<Header, "name"> & Partial<Header>;

const limits = { maxBytes: 1_000_000, maxEntries: 100 };

test("what was packed is unpacked, and the same files give the same bytes", async () => {
  await using directory = await temporaryDirectory();
  const from = join(directory.path, "from");
  await mkdir(join(from, "code", "empty"), { recursive: true });
  await writeFile(join(from, "model.bin"), "weights");
  await writeFile(join(from, "code", "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(join(from, "none"), "");
  await writeFile(join(from, "ä".repeat(80)), "long names need extended headers");
  await symlink("model.bin", join(from, "link"));
  const archive = await buffer(packArchive(from));
  assert.deepEqual(await buffer(packArchive(from)), archive);

  const to = join(directory.path, "to");
  await unpackArchive(Readable.from([archive]), to, limits);
  const names = (await readdir(to, { recursive: true })).toSorted();
  assert.deepEqual(
    names,
    ["code", "code/empty", "code/run.sh", "link", "model.bin", "none", "ä".repeat(80)].toSorted(),
  );
  assert.equal(await readFile(join(to, "link"), "utf8"), "weights");
  assert.equal((await stat(join(to, "code", "run.sh"))).mode & 0o777, 0o755);
  assert.equal((await stat(join(to, "none"))).size, 0);
});

test("an empty directory is an archive without entries", async () => {
  await using directory = await temporaryDirectory();
  const archive = await buffer(packArchive(directory.path));
  await unpackArchive(Readable.from([archive]), join(directory.path, "to"), limits);
  assert.deepEqual(await readdir(join(directory.path, "to")), []);
});

test("packing follows no link out of the directory, and fails for what is no file", async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, "secret"), "secret");
  const from = join(directory.path, "from");
  for (const target of ["../secret", "/etc/passwd", "nowhere", "."]) {
    await rm(from, { recursive: true, force: true });
    await mkdir(from);
    await symlink(target, join(from, "link"));
    await assert.rejects(buffer(packArchive(from)));
  }
  await assert.rejects(buffer(packArchive(join(directory.path, "missing"))));
});

test("packing can be aborted", async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, "model"), Buffer.alloc(1_000_000, 1));
  await assert.rejects(buffer(packArchive(directory.path, AbortSignal.abort())), { name: "AbortError" });
});

const refused: readonly (readonly [string, EntryHeader, string?])[] = [
  ["a path upwards", { name: "../evil" }],
  ["a path upwards inside", { name: "a/../../evil" }],
  ["an absolute path", { name: "/tmp/evil" }],
  ["a symbolic link", { name: "evil", type: "symlink", linkname: "/etc/passwd" }],
  ["a hard link", { name: "evil", type: "link", linkname: "/etc/passwd" }],
  ["a device", { name: "evil", type: "character-device" }],
  ["a FIFO", { name: "evil", type: "fifo" }],
  ["too many bytes", { name: "evil" }, "x".repeat(limits.maxBytes + 1)],
];

for (const [what, header, content] of refused) {
  test(`unpacking refuses ${what}`, async () => {
    await using directory = await temporaryDirectory();
    const to = join(directory.path, "to");
    await assert.rejects(unpackArchive(await archiveOf([[header, content ?? ""]]), to, limits), isInvalid);
    assert.deepEqual(await readdir(directory.path), ["to"]);
  });
}

test("unpacking refuses the same name twice, too many entries and a file below a file", async () => {
  await using directory = await temporaryDirectory();
  const many = Array.from({ length: limits.maxEntries + 1 }, (_, index) => [{ name: `${index}` }, ""] as const);
  const archives = [
    many,
    [
      [{ name: "a" }, "1"],
      [{ name: "./a" }, "2"],
    ],
    [
      [{ name: "a" }, "1"],
      [{ name: "a/b" }, "2"],
    ],
  ] as const;
  for (const [index, entries] of archives.entries()) {
    await assert.rejects(unpackArchive(await archiveOf(entries), join(directory.path, `${index}`), limits), isInvalid);
  }
});

test("unpacking refuses damage: no gzip, no tar, cut off, an endless header", async () => {
  await using directory = await temporaryDirectory();
  const good = await buffer(await archiveOf([[{ name: "a" }, "content".repeat(1000)]]));
  const header = Buffer.alloc(512);
  header.write("name", 0);
  header.write("77777777777", 124);
  header.write("x", 156);
  header.write("ustar\u000000", 257);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(32 * 1024 * 1024)]));
  const damaged = [Buffer.from("no archive"), gzipSync(Buffer.alloc(2048, 7)), good.subarray(0, good.length / 2), bomb];
  for (const [index, bytes] of damaged.entries()) {
    const to = join(directory.path, `${index}`);
    await assert.rejects(unpackArchive(Readable.from([bytes]), to, limits), isInvalid, `archive ${index}`);
  }
});

test("unpacking can be aborted", async () => {
  await using directory = await temporaryDirectory();
  const archive = await archiveOf([[{ name: "a" }, "content"]]);
  await assert.rejects(unpackArchive(archive, join(directory.path, "to"), limits, AbortSignal.abort()), {
    name: "AbortError",
  });
});

function isInvalid(error: unknown): boolean {
  return error instanceof StoreError && error.code === "InvalidArchive";
}

async function archiveOf(entries: readonly (readonly [EntryHeader, string])[]): Promise<Readable> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content);
  archive.finalize();
  return Readable.from([gzipSync(await buffer(archive))]);
}

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "rondo-archive-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
