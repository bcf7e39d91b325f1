import assert from "node:assert/strict";
import { test } from "node:test";
import { fastify } from "fastify";
import { allowedHostsOf, listen } from "./listen.ts";

test("a port that is taken is named with the setting that chooses another", async () => {
  await using first = fastify();
  const url = await listen(first, { host: "127.0.0.1", port: 0, portSetting: "PORT" });
  const port = Number(new URL(url).port);
  assert.ok(port > 0);
  await assert.rejects(
    listen(fastify(), { host: "127.0.0.1", port, portSetting: "--sentiment-port" }),
    new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken .* choose another port: --sentiment-port\\.`),
  );
});

test("only a loopback address restricts the names by which it is called", () => {
  assert.ok(allowedHostsOf("127.0.0.1")?.includes("localhost"));
  assert.equal(allowedHostsOf("0.0.0.0"), undefined);
});
