import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { CliError } from "./cli-error.ts";

/** A key pair of the local server. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** The file itself, for `AWS_SHARED_CREDENTIALS_FILE`. */
  readonly path: string;
}

/** Reads `<home>/credentials`, which the server writes at its first start. */
export async function readCredentialsFile(home: string): Promise<LocalCredentials> {
  const path = join(home, "credentials");
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new CliError(
      "failure",
      isMissing ? `There are no credentials in ${home}.` : `${path} cannot be read: ${String(error)}`,
      "The server writes them at its first start: `rondo start`. If its home is elsewhere, say so with --home or RONDO_HOME.",
    );
  }
  const { credentialsFile } = await loadSharedConfigFiles({ filepath: path, configFilepath: path, ignoreCache: true });
  const profile = credentialsFile.default ?? Object.values(credentialsFile)[0];
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = profile ?? {};
  const sessionToken = profile?.aws_session_token;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CliError(
      "failure",
      `${path} has no aws_access_key_id and aws_secret_access_key.`,
      "Delete it and start the server again.",
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }), path };
}
