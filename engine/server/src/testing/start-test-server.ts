import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { type Configuration, readConfiguration } from "../configuration.ts";
import { type RunningServer, startServer } from "../start-server.ts";

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly accountId: string;
  readonly region: string;
  readonly home: string;
  readonly database: RunningServer["database"];
  /** Fits every AWS SDK client. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly forcePathStyle: true;
    readonly maxAttempts: 1;
  };
  close(): Promise<void>;
}

/** The whole product on a free port, with a database, a home and an account of its own. */
export async function startTestServer(overrides: Partial<Configuration> = {}): Promise<TestServer> {
  const home = overrides.home ?? (await mkdtemp(join(tmpdir(), "rondo-test-")));
  const accountId = String(randomInt(1e11, 1e12 - 1));
  const configuration = { ...readConfiguration({ port: "0", home, accountId, bootstrap: false }, {}), ...overrides };
  const server = await startServer(configuration, { sql: await openTestSql(), logger: silentLogger });
  const { region } = configuration;
  const close = async (): Promise<void> => {
    await server.close();
    // A program that a test has stopped may still be writing its last file.
    if (overrides.home === undefined) await rm(home, { recursive: true, force: true, maxRetries: 10 });
  };
  return {
    url: server.url,
    accountId: configuration.accountId,
    region,
    home,
    database: server.database,
    clientConfig: {
      endpoint: server.url,
      region,
      credentials: server.credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
