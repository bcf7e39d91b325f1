import { type AccessKeys, readCredentialsFile, writeCredentialsFile } from "@rondo/store";

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The key pair of `RONDO_HOME/credentials`: made at the first start. A file that is there already wins over the database, so that a home whose database
 * is new (another DATABASE_URL, a reset) keeps answering the clients that were set up with it.
 */
export async function ensureCredentials(path: string, accessKeys: AccessKeys, accountId: string): Promise<KeyPair> {
  const identity = { accountId, arn: `arn:aws:iam::${accountId}:user/rondo` };
  const kept = await readCredentialsFile(path);
  if (kept !== undefined) {
    await accessKeys.adopt({ ...kept, ...identity });
    return kept;
  }
  const made = await accessKeys.create(identity);
  await writeCredentialsFile(path, made);
  return made;
}
