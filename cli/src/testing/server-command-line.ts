import assert from "node:assert/strict";
import type { TestServer } from "@rondo/server/testing";
import { type CommandLineOptions, runCommandLine } from "./run-command-line.ts";

/** The command line of a user of a test server. */
export function createServerCommandLine({ url, region, clientConfig }: TestServer) {
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: clientConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: clientConfig.credentials.secretAccessKey,
  };

  function rondo(line: readonly string[], options: CommandLineOptions = {}) {
    return runCommandLine(line, { environment, ...options });
  }

  /** The answer of a command that must succeed. */
  async function rondoJson<Answer>(line: readonly string[]): Promise<Answer> {
    const { exitCode, stdout, stderr } = await rondo([...line, "--json"]);
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout) as Answer;
  }

  return { environment, rondo, rondoJson };
}
