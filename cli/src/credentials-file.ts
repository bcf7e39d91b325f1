import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "./cli-error.ts";

/** A key pair of the local server. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** The file itself, for `AWS_SHARED_CREDENTIALS_FILE`. */
  readonly path: string;
}

/** The members of `[default]`, or of the first profile of a file without one. */
function readProfile(ini: string): ReadonlyMap<string, string> {
  const profiles = new Map<string, Map<string, string>>();
  let profile = new Map<string, string>();
  for (const line of ini.split("\n")) {
    const section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      profile = new Map();
      profiles.set(section, profile);
    }
    const member = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (member !== null) profile.set(member[1] ?? "", member[2] ?? "");
  }
  return profiles.get("default") ?? profiles.values().next().value ?? profile;
}

/** Reads `<home>/credentials`, which the server writes at its first start. */
export async function readCredentialsFile(home: string): Promise<LocalCredentials> {
  const path = join(home, "credentials");
  let ini: string;
  try {
    ini = await readFile(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new CliError(
      "failure",
      isMissing ? `There are no credentials in ${home}.` : `${path} cannot be read: ${String(error)}`,
      "The server writes them at its first start: `rondo start`. If its home is elsewhere, say so with --home or RONDO_HOME.",
    );
  }
  const profile = readProfile(ini);
  const accessKeyId = profile.get("aws_access_key_id");
  const secretAccessKey = profile.get("aws_secret_access_key");
  const sessionToken = profile.get("aws_session_token");
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CliError(
      "failure",
      `${path} has no aws_access_key_id and aws_secret_access_key.`,
      "Delete it and start the server again.",
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }), path };
}
