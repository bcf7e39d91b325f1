import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { StoreError } from "../store-error.ts";

/** One profile of a credentials file as AWS SDKs read it. */
export interface CredentialsProfile {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Undefined when there is no such file or no key pair in the profile; throws when the file cannot be read. */
export async function readCredentialsFile(path: string, profile = "default"): Promise<CredentialsProfile | undefined> {
  const settings = (await readProfiles(path))[profile];
  const accessKeyId = settings?.["aws_access_key_id"];
  const secretAccessKey = settings?.["aws_secret_access_key"];
  const sessionToken = settings?.["aws_session_token"];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/**
 * Sets a profile's key pair and keeps other profiles and settings (not comments). The file is replaced as a whole, on disk before this
 * resolves, and readable for its owner only.
 */
export async function writeCredentialsFile(
  path: string,
  credentials: CredentialsProfile,
  profile = "default",
): Promise<void> {
  const profiles = await readProfiles(path);
  const { aws_session_token: _, ...kept } = profiles[profile] ?? {};
  const next = {
    ...profiles,
    [profile]: {
      ...kept,
      aws_access_key_id: credentials.accessKeyId,
      aws_secret_access_key: credentials.secretAccessKey,
      ...(credentials.sessionToken && { aws_session_token: credentials.sessionToken }),
    },
  };
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeDurably(temporary, iniOf(next));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await using directory = await open(dirname(path));
  await directory.sync();
}

type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

async function readProfiles(path: string): Promise<Profiles> {
  try {
    await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new StoreError("Unreadable", `The credentials file ${path} cannot be read: ${String(error)}`);
  }
  // The SDK's parser answers an unreadable file with no profiles: hence the look at it beforehand.
  const { credentialsFile } = await loadSharedConfigFiles({ filepath: path, configFilepath: path, ignoreCache: true });
  return credentialsFile;
}

function iniOf(profiles: Profiles): string {
  return Object.entries(profiles)
    .map(([name, settings]) => {
      const lines = Object.entries(settings).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key} = ${value}`],
      );
      return [`[${name}]`, ...lines, ""].join("\n");
    })
    .join("\n");
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(text);
  await file.sync();
}
