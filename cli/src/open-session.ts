import { Session } from "@rondo/sdk";
import { readCredentialsFile } from "./credentials-file.ts";

/** Variables by which the AWS SDKs find credentials of their own accord; when one is set, the home's key pair is not used. */
const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
];

const DEFAULT_REGION = "us-east-1";

/** Clients for the endpoint. One attempt a request: a person who waits for "not reachable" should not wait for three. */
export async function openSession(options: {
  readonly endpointUrl: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}): Promise<Session> {
  const { endpointUrl: endpoint, home, environment } = options;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? DEFAULT_REGION;
  const hasOwn = CREDENTIAL_VARIABLES.some((name) => environment[name] !== undefined);
  return new Session({
    endpoint,
    region,
    maxAttempts: 1,
    ...(!hasOwn && { credentials: await readCredentialsFile(home) }),
  });
}
