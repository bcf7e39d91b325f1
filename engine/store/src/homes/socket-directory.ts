import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import path from "node:path";
import { StoreError } from "../store-error.ts";

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included. */
const longestSocketPath = 103;

/** PostgreSQL names its socket after the port, also when it has no port. */
export const socketPort = 5432;

/**
 * The directory for the Unix socket: `preferred` itself, or a short private one under /tmp (always the same for the same `preferred`) when
 * the path would be too long for a socket.
 */
export async function socketDirectory(preferred: string): Promise<string> {
  await mkdir(preferred, { recursive: true, mode: 0o700 });
  if (Buffer.byteLength(path.join(preferred, `.s.PGSQL.${socketPort}`)) <= longestSocketPath) return preferred;
  const hash = createHash("sha256").update(preferred).digest("hex").slice(0, 16);
  const short = `/tmp/rondo-${process.getuid?.() ?? 0}-${hash}`;
  await mkdir(short, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const found = await lstat(short); // /tmp is everybody's: somebody else may have made the name first
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) {
    throw new StoreError(
      "UnsafeSocketDirectory",
      `${short} is needed for the database's socket but belongs to somebody else. Use a shorter RONDO_HOME.`,
    );
  }
  return short;
}
