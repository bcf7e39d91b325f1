import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { createRequire } from "node:module";
import { connect, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { test } from "node:test";
import type { WireLimits } from "./limits.ts";
import type { RequestContext, ServiceDefinition } from "./service.ts";
import { signedHeaders } from "./testing/signed-request.ts";
import { startWire, type TestWire } from "./testing/start-wire.ts";
import type { InternalRoute } from "./wire-server.ts";

const require = createRequire(import.meta.url);

const start = (limits: Partial<WireLimits> = {}, health: InternalRoute = (_, response) => void response.end("ok")) =>
  startWire({ services: [], limits, internalRoutes: { "GET /_rondo/health": health, "POST /_rondo/health": health } });

const host = "Host: localhost\r\n";
const get = `GET /_rondo/health HTTP/1.1\r\n${host}\r\n`;
const post = "POST /_rondo/health HTTP/1.1\r\n";

/** What the server writes until it closes the connection. */
async function talk({ port }: TestWire, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk)).on("error", () => {});
  socket.write(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

test("requests that two servers could read differently are refused and the connection closed", async () => {
  await using server = await start();
  const smuggled: Readonly<Record<string, string>> = {
    "both lengths": `${post}${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${get}`,
    "two lengths": `${post}${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde${get}`,
    "a length that is no number": `${post}${host}Content-Length: +5\r\n\r\nabcde${get}`,
    "bare line feeds": `GET /_rondo/health HTTP/1.1\n${host}\n${get}`,
    "a space before the colon": `${post}${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${get}`,
    "chunked that is not last": `${post}${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${get}`,
    "a folded header": `GET /_rondo/health HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n${get}`,
    "no Host": `GET /_rondo/health HTTP/1.1\r\n\r\n${get}`,
  };
  for (const [name, text] of Object.entries(smuggled)) {
    const answer = await talk(server, text);
    assert.match(answer, /^HTTP\/1.1 400 /, name);
    assert.equal(answer.split("HTTP/1.1").length, 2, name);
  }
});

test("more header lines than any client sends are refused", async () => {
  await using server = await start({ headerCount: 20 });
  const lines = (count: number): string => "X: y\r\n".repeat(count);
  const answers = await Promise.all(
    [10, 30].map((count) =>
      talk(server, `GET /_rondo/health HTTP/1.1\r\n${host}Connection: close\r\n${lines(count)}\r\n`),
    ),
  );
  assert.match(answers[0] ?? "", /^HTTP\/1.1 200 /);
  assert.match(answers[1] ?? "", /^HTTP\/1.1 431 /);
});

test("a method that is a property of every object is no method", async () => {
  await using server = await start();
  const session = connectHttp2(server.url);
  const stream = session.request({ ":method": "constructor", ":path": "/bucket/key", ":authority": "localhost" });
  const [answer] = (await once(stream.resume(), "response")) as [Record<string, unknown>];
  assert.equal(answer[":status"], 405);
  await new Promise<void>((resolve) => session.close(resolve));
});

test("pipelined requests are answered in their order; too many that wait cut their connection only", async () => {
  const waiting: (() => void)[] = [];
  const finish = Promise.withResolvers<void>();
  let count = 0;
  await using server = await start({ pipelinedRequests: 10 }, async (_, response) => {
    const number = ++count;
    waiting.push(() => response.end(`<${number}>`));
    if (waiting.length === 10) finish.resolve();
  });
  const socket: Socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => (text += chunk));
  socket.write(get.repeat(10));
  await finish.promise;
  for (const answer of waiting.reverse()) answer();
  while (!text.includes("<10>")) await once(socket, "data");
  assert.deepEqual(
    text.match(/<\d+>/g),
    Array.from({ length: 10 }, (_, i) => `<${i + 1}>`),
  );
  socket.destroy();
  waiting.length = 0;
  assert.equal(await talk(server, get.repeat(11)), "");
  assert.equal(waiting.length, 10);
});

test("more connections than the limit are closed at once, the others go on", async () => {
  await using server = await start({ connections: 2 });
  const first = connect(server.port, "127.0.0.1");
  const second = connect(server.port, "127.0.0.1");
  await Promise.all([once(first, "connect"), once(second, "connect")]);
  assert.equal(await talk(server, get), "");
  second.write(get);
  assert.match(String((await once(second, "data"))[0]), /^HTTP\/1.1 200 /);
  first.destroy();
  second.destroy();
});

test("uploads that are broken off end with an error, are told to their operation and leave nothing behind", async () => {
  const outcomes: string[] = [];
  const signals: AbortSignal[] = [];
  const s3: ServiceDefinition = {
    id: "s3",
    signingName: "s3",
    protocols: ["rest-xml"],
    load: () => require("@aws-sdk/client-s3"),
    client: "S3Client",
    operations: {
      async PutObject({ Body }: { Body: Readable }, _: unknown, { signal }: RequestContext) {
        signals.push(signal);
        await Body.toArray().then(
          () => outcomes.push("stored"),
          () => outcomes.push("broken off"),
        );
        return {};
      },
    },
  };
  await using server = await startWire({ services: [s3] });
  const headers = await signedHeaders({
    url: `${server.url}/b/k`,
    service: "s3",
    method: "PUT",
    body: "x".repeat(1000),
  });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `PUT /b/k HTTP/1.1\r\n${lines.join("")}content-length: 1000\r\n\r\nxxx`;
  for (let i = 1; i <= 50; i++) {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(request);
    while (signals.length < i) await new Promise(setImmediate);
    socket.destroy();
    while (outcomes.length < i) await new Promise(setImmediate);
  }
  assert.deepEqual(new Set(outcomes), new Set(["broken off"]));
  assert.ok(signals.every(({ aborted }) => aborted));
});
