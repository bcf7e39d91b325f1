import { createHmac, randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The key by which user ids are hashed: the setting's, else the file's, which is made at first use, readable by its owner only. Without the key
 * nobody can find out whose a feedback is by trying user ids.
 */
export async function readUserIdKey(setting: string | undefined, path: string): Promise<string> {
  if (setting !== undefined) return setting;
  await mkdir(dirname(path), { recursive: true });
  try {
    await using file = await open(path, "wx", 0o600);
    const key = randomBytes(32).toString("hex");
    await file.writeFile(key);
    await file.sync();
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const key = (await readFile(path, "utf8")).trim();
  if (key.length < 32)
    throw new Error(`The key of user ids in ${path} is damaged. Restore it, or delete it for a new one.`);
  return key;
}

/** HMAC-SHA256 in hexadecimal: the same user has the same hash, and nobody without the key can compute it. */
export function hashUserId(userId: string, key: string): string {
  return createHmac("sha256", key).update(userId).digest("hex");
}
