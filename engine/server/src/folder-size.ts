import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

export interface FolderSize {
  readonly bytes: number;
  readonly files: number;
  /** False when there were more files than were looked at: the numbers are then lower bounds. */
  readonly isComplete: boolean;
}

/** Adds up the files of a folder, at most `mostFiles` of them; undefined when there is no such folder. Files that vanish meanwhile do not count. */
export async function folderSize(path: string, mostFiles = 200_000): Promise<FolderSize | undefined> {
  let bytes = 0;
  let files = 0;
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined && folder === path) return undefined;
    for await (const entry of entries ?? []) {
      const entryPath = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(entryPath);
      else {
        if (files === mostFiles) return { bytes, files, isComplete: false };
        files += 1;
        bytes += (await lstat(entryPath).catch(() => undefined))?.size ?? 0;
      }
    }
  }
  return { bytes, files, isComplete: true };
}

/** `1.4 GB`; decimal, three digits. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
