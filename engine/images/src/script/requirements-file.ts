import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What an installer reads from a code folder, as part of the key under which the result is kept. */
export interface FolderContent {
  readonly text: string;
  /** A hash of the whole folder, where the text refers to other files of it. */
  readonly folder?: string;
}

/** More than a code folder's source; data belongs into a channel. */
const MAX_HASHED_FILES = 10_000;

/** A line of a requirements.txt that names another file: an option, a path, a file URL or an archive. */
const REFERENCE =
  /^\s*(-r|-c|-e|-f|--requirement|--constraint|--editable|--find-links)\b|^\s*\.|@\s*file:|^\s*file:|\.(whl|tar\.gz|zip)\b/m;

/** Such a package stays where it is, so its environment goes with the place. */
const EDITABLE = /^\s*(-e|--editable)\b/m;

/** Undefined when the folder has no requirements.txt. */
export async function readRequirements(folder: string): Promise<FolderContent | undefined> {
  const text = await readIfThere(join(folder, "requirements.txt"));
  if (text === undefined) return undefined;
  if (!REFERENCE.test(text)) return { text };
  const hash = await hashFolder(folder);
  return { text, folder: EDITABLE.test(text) ? `${hash} in ${folder}` : hash };
}

/** Undefined when there is no such file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

/** Of names and content. A folder with too many files has a hash that no other has. */
export async function hashFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length > MAX_HASHED_FILES) return `${folder}: ${files.length} files`;
  const hash = createHash("sha256");
  for (const file of files.toSorted()) {
    const content = await readFile(file);
    hash.update(`${file.slice(folder.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
