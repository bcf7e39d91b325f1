import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { SqlConnection } from "../sql.ts";
import { type AccessKey, insertAccessKey, selectAccessKey, selectAccessKeys } from "./access-key.ts";

export interface AccessKeys {
  /** Makes a lasting key pair. */
  create(identity: Identity): Promise<AccessKey>;
  /** Stores a key pair that exists already: the one of a credentials file whose database is new. Does nothing when the id is known. */
  adopt(key: AccessKey): Promise<void>;
  /** Makes temporary credentials that expire after so many seconds. */
  createTemporary(identity: Identity, durationSeconds: number): Promise<AccessKey & { readonly expiresAt: Date }>;
  /**
   * Expired keys are found too, for a day, so that a client hears that its token expired rather than that it never existed. A key that
   * was found within the last minute is answered without a promise; other processes therefore honour a deleted key for up to a minute.
   */
  find(accessKeyId: string): AccessKey | undefined | Promise<AccessKey | undefined>;
  /** Lasting keys in the order of their ids. */
  list(page: {
    readonly accountId: string;
    readonly startAfter?: string;
    readonly limit: number;
  }): Promise<AccessKey[]>;
  delete(accessKeyId: string): Promise<void>;
  /** Forgets what is cached: after the database was emptied. */
  forgetCached(): void;
}

export interface Identity {
  readonly accountId: string;
  readonly arn: string;
}

export interface AccessKeysDependencies {
  readonly sql: SqlConnection;
  readonly clock: Clock;
  /** `size` unpredictable bytes. Default: the operating system's. */
  readonly random?: (size: number) => Buffer;
}

const freshMs = 60_000;
const cacheSize = 10_000;

/** Key pairs in SQL, with a cache of those in use. */
export function createAccessKeys({ sql, clock, random = randomBytes }: AccessKeysDependencies): AccessKeys {
  const cache = new Map<string, { readonly key: AccessKey; readonly readAt: number }>();

  function remember(key: AccessKey): void {
    // The first entry is the one that was read longest ago.
    cache.delete(key.accessKeyId);
    const oldest = cache.size < cacheSize ? undefined : cache.keys().next().value;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(key.accessKeyId, { key, readAt: clock.now().getTime() });
  }

  async function store<Key extends AccessKey>(key: Key): Promise<Key> {
    await insertAccessKey(sql, key, clock.now());
    remember(key);
    return key;
  }

  async function read(accessKeyId: string): Promise<AccessKey | undefined> {
    const key = await selectAccessKey(sql, accessKeyId);
    if (key === undefined) cache.delete(accessKeyId);
    else remember(key);
    return key;
  }

  return {
    create: ({ accountId, arn }) => store({ ...keyPair("AKIA", random), accountId, arn }),

    async adopt(key) {
      if ((await read(key.accessKeyId)) === undefined) await store(key);
    },

    createTemporary: ({ accountId, arn }, durationSeconds) =>
      store({
        ...keyPair("ASIA", random),
        sessionToken: random(192).toString("base64"),
        accountId,
        arn,
        expiresAt: new Date(clock.now().getTime() + durationSeconds * 1000),
      }),

    find(accessKeyId) {
      const known = cache.get(accessKeyId);
      if (known !== undefined && clock.now().getTime() - known.readAt < freshMs) return known.key;
      return read(accessKeyId);
    },

    list: ({ accountId, startAfter = "", limit }) => selectAccessKeys(sql, { accountId, startAfter, limit }),

    async delete(accessKeyId) {
      await sql.query("DELETE FROM access_key WHERE access_key_id = $1", [accessKeyId]);
      cache.delete(accessKeyId);
    },

    forgetCached: () => cache.clear(),
  };
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** AWS's form: four letters that tell the kind, sixteen of base 32; a secret of 30 bytes as 40 characters of base 64. */
function keyPair(prefix: "AKIA" | "ASIA", random: (size: number) => Buffer) {
  const characters = Array.from(random(16), (byte) => base32.charAt(byte % 32));
  return { accessKeyId: prefix + characters.join(""), secretAccessKey: random(30).toString("base64") };
}
