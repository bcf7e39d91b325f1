import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A link, a socket, a device nobody serves. */
const NO_FILE = ["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"];

/** Opens a file that a program of the user's has written. Undefined for what is not there, and for links, folders and pipes, of which reading might never end. */
export async function openWithoutFollowing(path: string): Promise<FileHandle | undefined> {
  // Without O_NONBLOCK opening a pipe would wait for somebody who writes.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (NO_FILE.includes(error.code ?? "")) return undefined;
    throw error;
  });
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}
