import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { test } from "node:test";
import type { WireLimits } from "./limits.ts";
import { createWireServer } from "./wire-server.ts";

/** A server whose one route waits until it is told to answer. */
async function startWaiting(limits: Partial<WireLimits> = {}) {
  const running = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const server = createWireServer({
    services: [],
    credentials: { find: () => undefined },
    clock: { now: () => new Date() },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    limits,
    internalRoutes: {
      "GET /quick": (_, response) => void response.end("quick"),
      async "GET /slow"(_, response) {
        running.resolve();
        await finish.promise;
        response.end("finished");
      },
    },
  });
  return { server, ...(await server.listen({ host: "127.0.0.1", port: 0 })), running: running.promise, finish };
}

const closedWithin = async (closing: Promise<void>, milliseconds: number): Promise<boolean> => {
  const late = AbortSignal.timeout(milliseconds);
  return Promise.race([closing.then(() => true), once(late, "abort").then(() => false)]);
};

test("an HTTP/2 session finishes its streams, takes no new ones and ends", async () => {
  const { server, url, running, finish } = await startWaiting();
  const session = connectHttp2(url);
  const stream = session.request({ ":path": "/slow", ":authority": "localhost" }).setEncoding("utf8");
  await running;
  const goaway = once(session, "goaway");
  const closing = server.close(10_000);
  await goaway;
  const late = session.request({ ":path": "/quick", ":authority": "localhost" });
  await assert.rejects(once(late, "response"), { code: "ERR_HTTP2_GOAWAY_SESSION" });
  finish.resolve();
  assert.deepEqual(await stream.toArray(), ["finished"]);
  assert.ok(await closedWithin(closing, 5000));
});

test("an idle HTTP/2 session is ended at once", async () => {
  const { server, url } = await startWaiting();
  const session = connectHttp2(url);
  const stream = session.request({ ":path": "/quick", ":authority": "localhost" }).setEncoding("utf8");
  assert.deepEqual(await stream.toArray(), ["quick"]);
  assert.ok(await closedWithin(server.close(60_000), 5000));
});

test("a connection that is kept alive is closed when it idles, and after the answer that it waits for", async () => {
  const { server, port, running, finish } = await startWaiting();
  const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const idle = connect(port, "127.0.0.1");
  idle.write(request("/quick"));
  await once(idle, "data");
  const waiting = connect(port, "127.0.0.1");
  waiting.write(request("/slow"));
  await running;
  const idleClosed = once(idle.resume(), "close");
  const closing = server.close(10_000);
  await idleClosed;
  finish.resolve();
  assert.match(String((await once(waiting, "data"))[0]), /finished/);
  await once(waiting.resume(), "close");
  assert.ok(await closedWithin(closing, 5000));
});

test("what has not finished within the grace is cut", async () => {
  const { server, url, port, running } = await startWaiting();
  const session = connectHttp2(url).on("error", () => {});
  const stream = session.request({ ":path": "/slow", ":authority": "localhost" }).on("error", () => {});
  const waiting = connect(port, "127.0.0.1");
  waiting.write("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await running;
  const cut = Promise.all(
    [stream, waiting.on("error", () => {})].map((end) => new Promise((resolve) => end.once("close", resolve))),
  );
  assert.ok(await closedWithin(server.close(100), 5000));
  await cut;
});

test("connections that idle too long are closed without being asked", async () => {
  const { server, url, port } = await startWaiting({ idleTimeout: 100 });
  const idle = connect(port, "127.0.0.1");
  idle.write("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const session = connectHttp2(url);
  session.request({ ":path": "/quick", ":authority": "localhost" }).resume();
  await Promise.all([once(idle.resume(), "close"), once(session, "close")]);
  await server.close(1000);
});
