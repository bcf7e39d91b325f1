import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** Appends rows as JSON, one a line; resolves when they are on disk. */
export async function appendLines(to: string, rows: readonly unknown[]): Promise<void> {
  const isNew = !(await exists(to));
  try {
    await using file = await open(to, "a", 0o600);
    await file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    await file.sync();
  } catch (error) {
    // A full disk leaves a part of a line, to which the next row would be glued.
    await cutUnfinishedLine(to);
    throw error;
  }
  if (isNew) await syncFolder(to);
}

async function exists(path: string): Promise<boolean> {
  const file = await openIfThere(path, "r");
  await file?.close();
  return file !== undefined;
}

async function openIfThere(path: string, flags: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The lines of the file; none when there is no file. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  if (!(await exists(path))) return;
  const input = createReadStream(path, "utf8");
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line !== "") yield line;
    }
  } finally {
    // A reader that stops early ends readline and not the stream under it.
    input.destroy();
  }
}

export async function countLines(path: string): Promise<number> {
  let count = 0;
  for await (const _line of linesOf(path)) count += 1;
  return count;
}

const BLOCK_BYTES = 64 * 1024;

/** Cuts off what follows the last line break, looking for it from the end. */
export async function cutUnfinishedLine(path: string): Promise<void> {
  const file = await openIfThere(path, "r+");
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    const block = Buffer.alloc(BLOCK_BYTES);
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - BLOCK_BYTES);
      const { bytesRead } = await file.read(block, 0, end - start, start);
      const lineBreak = block.subarray(0, bytesRead).lastIndexOf("\n");
      if (lineBreak !== -1) {
        if (start + lineBreak + 1 < size) await file.truncate(start + lineBreak + 1);
        return;
      }
      end = start;
    }
    await file.truncate(0);
  } finally {
    await file.close();
  }
}

/** A new or renamed file is there after a power failure only when its folder has been synced too. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}
