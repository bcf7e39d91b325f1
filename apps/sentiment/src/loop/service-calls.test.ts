import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { callUntil } from "./service-calls.ts";

async function listen(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/run`, [Symbol.dispose]: () => void server.close() };
}

test("a service that is away for a moment is asked again; a refusal is not", async () => {
  const statuses = [503, 200, 200];
  using service = await listen((_, response) => {
    const status = statuses.shift() ?? 404;
    response.writeHead(status).end(JSON.stringify({ left: statuses.length }));
  });
  const { signal } = new AbortController();
  assert.deepEqual(await callUntil<{ left: number }>(service.url, ({ left }) => left === 0, signal), { left: 0 });
  await assert.rejects(
    callUntil(service.url, () => true, signal),
    /answered 404/,
  );
});
