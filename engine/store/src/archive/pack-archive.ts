import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { type Pack, pack } from "tar-stream";
import { StoreError } from "../store-error.ts";

/**
 * A directory as a gzipped tar stream, without the directory itself: SageMaker's `model.tar.gz`. The same files give the same bytes: entries are
 * sorted, times and owners are zero.
 *
 * A symbolic link to a file inside of the directory is packed as that file. One that leads elsewhere, and whatever is neither file nor directory,
 * fails the stream with StoreError "InvalidArchive".
 */
export function packArchive(directory: string, signal?: AbortSignal): Readable {
  return Readable.from(compress(directory, signal), { objectMode: false });
}

async function* compress(directory: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const archive = pack();
  // The weights of models hardly shrink, and the level decides how long a job uploads.
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  const abort = new AbortController();
  const signals = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
  const filled = addEntries(archive, directory).catch((error: unknown) => archive.destroy(error as Error));
  const compressed = pipeline(archive, gzip, { signal: signals });
  // An error reaches the reader through gzip, which pipeline destroys with it.
  compressed.catch(() => undefined);
  try {
    for await (const chunk of gzip) yield chunk as Buffer;
    await Promise.all([filled, compressed]);
  } finally {
    abort.abort();
  }
}

async function addEntries(archive: Pack, root: string): Promise<void> {
  const inside = (await realpath(root)) + sep;
  for await (const name of walk(root)) {
    const path = join(root, name);
    const information = await stat(path);
    const header = { name, mtime: new Date(0), uid: 0, gid: 0 };
    if (name.endsWith("/")) {
      archive.entry({ ...header, type: "directory", mode: 0o755 });
    } else if (!information.isFile() || !(await realpath(path)).startsWith(inside)) {
      throw new StoreError("InvalidArchive", `${name} is neither a file nor a link to a file of the same directory.`);
    } else {
      const mode = (information.mode & 0o100) === 0 ? 0o644 : 0o755;
      const entry = archive.entry({ ...header, type: "file", mode, size: information.size });
      // A log that still grows is packed as long as it was when its header was written.
      const end = information.size - 1;
      await pipeline(information.size === 0 ? Readable.from([]) : createReadStream(path, { end }), entry);
    }
  }
  archive.finalize();
}

/** Relative paths in order, with `/` at the end of directories; links to directories are not entered. */
async function* walk(root: string, below = ""): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = below + entry.name;
    if (!entry.isDirectory()) yield name;
    else {
      yield `${name}/`;
      yield* walk(root, `${name}/`);
    }
  }
}
