import { Session, type SessionOptions } from "@rondo/sdk";
import { readCredentialsFile } from "./credentials-file.ts";

/** Variables that say where the AWS SDKs should look for credentials; when one is set, that is left to the SDKs. */
const CREDENTIAL_SOURCES = [
  "AWS_PROFILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
];

/** The region where nothing names one. */
export const DEFAULT_REGION = "us-east-1";

export interface SessionSource {
  readonly endpointUrl: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Clients for the endpoint. One attempt a request: a person who waits for "not reachable" should not wait for three. */
export async function openSession(source: SessionSource): Promise<Session> {
  const { endpointUrl: endpoint, environment } = source;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? DEFAULT_REGION;
  return new Session({ endpoint, region, maxAttempts: 1, ...(await credentialsOf(source)) });
}

/** The key pair of the variables, what the SDKs find by themselves, or the key pair of the server's home. */
async function credentialsOf({ environment, home }: SessionSource): Promise<Pick<SessionOptions, "credentials">> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = environment;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const token = AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN };
    return { credentials: { accessKeyId, secretAccessKey, ...token } };
  }
  if (CREDENTIAL_SOURCES.some((name) => environment[name] !== undefined)) return {};
  const { path: _path, ...credentials } = await readCredentialsFile(home);
  return { credentials };
}
