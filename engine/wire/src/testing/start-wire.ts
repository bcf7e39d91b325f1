import type { Credential } from "../credential.ts";
import { createWireServer, type WireServerOptions } from "../wire-server.ts";

/** A key pair for tests, of the account 000000000000. */
export const testCredential: Credential = {
  accessKeyId: "AKIATESTTESTTESTTEST",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  accountId: "000000000000",
  arn: "arn:aws:iam::000000000000:user/test",
};

export interface TestWire extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The fields of each line that was logged as an error. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
}

/** A wire server on a free port with one key pair, for tests of services and of the wire itself. */
export async function startWire(
  options: Partial<WireServerOptions> & Pick<WireServerOptions, "services">,
): Promise<TestWire> {
  const logged: Readonly<Record<string, unknown>>[] = [];
  const server = createWireServer({
    credentials: { find: (id) => (id === testCredential.accessKeyId ? testCredential : undefined) },
    clock: { now: () => new Date() },
    logger: { info: () => {}, warn: () => {}, error: (fields) => void logged.push(fields) },
    ...options,
  });
  const { url, port } = await server.listen({ host: "127.0.0.1", port: 0 });
  return { url, port, logged, [Symbol.asyncDispose]: () => server.close(1000) };
}

/** The configuration that points an official client at a test server. */
export function clientConfig({ url }: Pick<TestWire, "url">) {
  const { accessKeyId, secretAccessKey } = testCredential;
  return {
    endpoint: url,
    region: "eu-central-1",
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
  };
}
