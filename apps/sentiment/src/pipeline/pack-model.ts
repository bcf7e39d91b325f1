import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { extract, type Pack, pack } from "tar-stream";

/** Files in an artifact: a model has some, a folder that was packed by mistake has thousands. */
const MOST_FILES = 1_000;

/** So that the same model and tokenizer are the same bytes. */
const NO_TIME = new Date(0);

async function copyFiles(archive: string, target: Pack, left: ReadonlySet<string>): Promise<void> {
  const entries = extract();
  const unpacking = pipeline(createReadStream(archive), createGunzip(), entries);
  let files = 0;
  // Both at once: a failed reader ends the loop, and without the second handler its reason would be lost.
  const copying = (async () => {
    for await (const entry of entries) {
      const { name, type, size } = entry.header;
      files += 1;
      if (files > MOST_FILES) throw new Error(`The model archive has more than ${MOST_FILES} files.`);
      if (type !== "file" || left.has(name.replace(/^\.\//, ""))) {
        entry.resume();
        continue;
      }
      await pipeline(entry, target.entry({ name, size, mode: 0o644, mtime: NO_TIME }));
    }
  })();
  await Promise.all([unpacking, copying]);
}

/**
 * Writes the final model artifact: what training left, with `files` beside it (`tokenizer.json`), replacing those of the same name. Links are left out.
 * Returns the SHA-256 of the archive in hexadecimal.
 */
export async function packModel(
  archive: string,
  files: Readonly<Record<string, string>>,
  target: string,
): Promise<string> {
  const hash = createHash("sha256");
  const packing = pack();
  const writing = pipeline(
    packing,
    createGzip({ level: 6 }),
    async function* hashed(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(target),
  );
  const filling = (async () => {
    await copyFiles(archive, packing, new Set(Object.keys(files)));
    for (const [name, content] of Object.entries(files)) {
      const body = Buffer.from(content);
      await pipeline(Readable.from([body]), packing.entry({ name, size: body.length, mode: 0o644, mtime: NO_TIME }));
    }
    packing.finalize();
  })();
  filling.catch((error: unknown) => packing.destroy(error as Error));
  await Promise.all([filling, writing]);
  return hash.digest("hex");
}
