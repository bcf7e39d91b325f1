import { type AccessKeys, type Identity, readCredentialsFile, writeCredentialsFile } from "@rondo/store";

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The key pair of `RONDO_HOME/credentials`: made at the first start. A file that is there already wins over the database, so that a home whose database
 * is new (another DATABASE_URL, a reset) keeps answering the clients that were set up with it.
 */
export async function ensureCredentials(path: string, accessKeys: AccessKeys, accountId: string): Promise<KeyPair> {
  const kept = await readCredentialsFile(path);
  if (kept !== undefined) {
    await adoptCredentials(accessKeys, kept, accountId);
    return kept;
  }
  const made = await accessKeys.create(ownerOf(accountId));
  await writeCredentialsFile(path, made);
  return made;
}

/** Makes a key pair known to a database that may not have it. */
export async function adoptCredentials(accessKeys: AccessKeys, keyPair: KeyPair, accountId: string): Promise<void> {
  await accessKeys.adopt({ ...keyPair, ...ownerOf(accountId) });
}

function ownerOf(accountId: string): Identity {
  return { accountId, arn: `arn:aws:iam::${accountId}:user/rondo` };
}
