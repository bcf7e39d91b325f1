import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findEndpointUrl } from "./endpoint-url.ts";

test("the option wins over the variable, that over the server of the home, that over the default", async () => {
  const home = await mkdtemp(join(tmpdir(), "rondo-cli-"));
  try {
    assert.equal(await findEndpointUrl({ home }, {}), "http://127.0.0.1:4700");
    const server = { pid: process.pid, url: "http://127.0.0.1:5001", startedAt: "2026-01-01T00:00:00Z" };
    await writeFile(join(home, "server.json"), JSON.stringify(server));
    assert.equal(await findEndpointUrl({ home }, {}), "http://127.0.0.1:5001");
    const environment = { AWS_ENDPOINT_URL: "http://127.0.0.1:5002" };
    assert.equal(await findEndpointUrl({ home }, environment), "http://127.0.0.1:5002");
    assert.equal(await findEndpointUrl({ home, endpointUrl: "http://x" }, environment), "http://x");
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
