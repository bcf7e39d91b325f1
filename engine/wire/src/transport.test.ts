import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { createRequire } from "node:module";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import type { WireLimits } from "./limits.ts";
import type { DirectRoute, ServiceDefinition } from "./service.ts";
import { signedHeaders } from "./testing/signed-request.ts";
import { startWire, type TestWire, testCredential } from "./testing/start-wire.ts";
import { createWireServer } from "./wire-server.ts";

const require = createRequire(import.meta.url);
const target = { "x-amz-target": "SageMaker.ListModels", "content-type": "application/x-amz-json-1.1" };

function exampleService(listModels: () => unknown = () => ({})): ServiceDefinition {
  return {
    id: "sagemaker",
    signingName: "sagemaker",
    targetPrefix: "SageMaker",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-sagemaker"),
    client: "SageMakerClient",
    operations: { ListModels: listModels },
  };
}

const echo: DirectRoute = {
  matches: ({ url }) => url === "/endpoints/e/invocations",
  maxBodyBytes: 100_000,
  signingName: "sagemaker",
  protocol: "rest-json",
  handle: ({ body, respond, fail, caller }) =>
    body.toString() === "bad" ? fail(new Error("inside")) : respond(200, ["x-account", caller.accountId], body),
};

const start = (limits: Partial<WireLimits> = {}) =>
  startWire({
    services: [exampleService()],
    directRoutes: [echo],
    limits,
    internalRoutes: { "GET /_rondo/health": (_, response) => void response.end("ok") },
  });

async function talk(server: TestWire, text: string): Promise<string> {
  await using socket = disposable(connect(server.port, "127.0.0.1"));
  socket.value.write(text);
  return await readAll(socket.value);
}

const disposable = (value: Socket) => ({ value, [Symbol.asyncDispose]: async () => void value.destroy() });

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => (text += chunk));
  socket.on("error", () => {});
  if (!socket.destroyed) await once(socket, "close");
  return text;
}

async function post(server: TestWire, path: string, body: string, headers: Record<string, string> = {}) {
  const url = server.url + path;
  return fetch(url, {
    method: "POST",
    body,
    headers: await signedHeaders({ url, service: "sagemaker", headers, body }),
  });
}

test("HTTP/2 with prior knowledge on the same port, with :authority signed", async () => {
  await using server = await start();
  const session = connectHttp2(server.url);
  const host = `127.0.0.1:${server.port}`;
  const { host: _, ...headers } = await signedHeaders({
    url: `${server.url}/`,
    service: "sagemaker",
    headers: { ...target, host },
    body: "{}",
  });
  const stream = session.request({ ":method": "POST", ":path": "/", ":authority": host, ...headers });
  stream.end("{}");
  const [answer] = (await once(stream, "response")) as [Record<string, unknown>];
  assert.equal(answer[":status"], 200);
  assert.ok(answer["x-amzn-requestid"]);
  stream.resume();
  await once(stream, "end");
  await new Promise<void>((resolve) => session.close(resolve));
});

test("foreign Host headers are refused, the internal route needs no signature", async () => {
  await using server = await start();
  assert.equal(await (await fetch(`${server.url}/_rondo/health`)).text(), "ok");
  const request = (host: string): string => `GET /_rondo/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  assert.match(await talk(server, request("evil.example:80")), /^HTTP\/1.1 403 /);
  for (const host of ["localhost", `LOCALHOST:${server.port}`, "[::1]:1", "bucket.s3.eu-central-1.localhost"])
    assert.match(await talk(server, request(host)), /^HTTP\/1.1 200 /, host);
});

test("connections that send nothing, half a preface or endless headers are cut; others go on meanwhile", async () => {
  await using server = await start({ headersTimeout: 300, headerBytes: 4096 });
  const silent = [talk(server, ""), talk(server, "PR"), talk(server, "POST / HTTP/1.1\r\nHost: localhost\r\n")];
  assert.equal((await post(server, "/", "{}", target)).status, 200);
  assert.match(
    await talk(server, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(8192)}\r\n\r\n`),
    /^HTTP\/1.1 431 /,
  );
  await Promise.all(silent);
});

test("a body that stops arriving is cut", async () => {
  await using server = await start({ bodyIdleTimeout: 100 });
  const headers = await signedHeaders({ url: server.url, service: "sagemaker", headers: target, body: "{}" });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  await talk(server, `POST / HTTP/1.1\r\n${lines.join("")}content-length: 2\r\n\r\n{`);
  const unhashed = lines.filter((line) => !line.startsWith("x-amz-content-sha256"));
  await talk(server, `POST / HTTP/1.1\r\n${unhashed.join("")}content-length: 2\r\n\r\n{`);
  await talk(server, `POST /endpoints/e/invocations HTTP/1.1\r\n${lines.join("")}content-length: 2\r\n\r\n{`);
});

test("bodies over the limit are refused by their length and, when it lies, by their size", async () => {
  await using server = await start({ bufferedBodyBytes: 100 });
  assert.equal((await post(server, "/", "x".repeat(101), target)).status, 413);
  const direct = await post(server, "/endpoints/e/invocations", "x".repeat(100_001));
  assert.equal(direct.status, 413);
  assert.equal(direct.headers.get("x-amzn-errortype"), "RequestEntityTooLargeException");
});

test("who is not known is refused before a body is read", async () => {
  await using server = await start();
  for (const path of ["/", "/endpoints/e/invocations"]) {
    const { "x-amz-content-sha256": _, ...headers } = await signedHeaders({
      url: server.url + path,
      service: "sagemaker",
      headers: target,
      credential: { accessKeyId: "AKIANOBODY", secretAccessKey: "x" },
    });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(server.port, "127.0.0.1");
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}content-length: 90000\r\n\r\n`);
    assert.match(String((await once(socket, "data"))[0]), /UnrecognizedClientException/, path);
    socket.destroy();
  }
});

test("what is no JSON, nested too deep or of a wrong kind is a SerializationException", async () => {
  await using server = await start();
  for (const body of [
    "{",
    "[]",
    "null",
    '"a"',
    "1",
    '{"MaxResults":"many"}',
    '{"NameContains":{}}',
    '{"CreationTimeAfter":"soon"}',
    `${"[".repeat(5000)}`,
  ]) {
    const answer = await post(server, "/", body, target);
    assert.deepEqual(
      [answer.status, /SerializationException/.test(await answer.text())],
      [400, true],
      body.slice(0, 40),
    );
  }
});

test("unknown services and operations are named", async () => {
  await using server = await start();
  const unknown = await post(server, "/", "{}", { ...target, "x-amz-target": "SageMaker.Invent" });
  assert.match(await unknown.text(), /UnknownOperationException.*Invent.*docs\/operations\.md/);
  const service = await post(server, "/", "{}", { ...target, "x-amz-target": "Nobody.Knows" });
  assert.match(await service.text(), /UnknownOperationException.*Nobody\.Knows.*docs\/operations\.md/);
  assert.equal((await post(server, "/nothing", "{}")).status < 500, true);
});

test("direct routes: authenticated, answered in batches, errors in the protocol's form", async () => {
  await using server = await start();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => post(server, "/endpoints/e/invocations", `body ${i}`)),
  );
  for (const [i, answer] of answers.entries()) {
    assert.deepEqual(
      [answer.status, answer.headers.get("x-account"), await answer.text()],
      [200, testCredential.accountId, `body ${i}`],
    );
    assert.ok(answer.headers.get("x-amzn-requestid"));
  }
  const failed = await post(server, "/endpoints/e/invocations", "bad");
  assert.deepEqual([failed.status, failed.headers.get("x-amzn-errortype")], [500, "InternalFailure"]);
  assert.equal(server.logged.length, 1);
  const unsigned = await fetch(`${server.url}/endpoints/e/invocations`, { method: "POST", body: "x" });
  assert.equal(unsigned.headers.get("x-amzn-errortype"), "MissingAuthenticationTokenException");
});

test("a graceful end finishes what runs and closes what idles", async () => {
  const running = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const service = exampleService(async () => {
    running.resolve();
    await finish.promise;
    return { NextToken: "finished" };
  });
  const server = createWireServer({
    services: [service],
    credentials: { find: () => testCredential },
    clock: { now: () => new Date() },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const { url, port } = await server.listen({ host: "127.0.0.1", port: 0 });
  const idle = connect(port, "127.0.0.1");
  await once(idle, "connect");
  const answer = fetch(url, {
    method: "POST",
    body: "{}",
    headers: await signedHeaders({ url, service: "sagemaker", headers: target, body: "{}" }),
  });
  await running.promise;
  const closed = server.close(5000);
  await assert.rejects(fetch(`${url}/_rondo/health`, { signal: AbortSignal.timeout(1000) }));
  finish.resolve();
  assert.match(await (await answer).text(), /finished/);
  await closed;
});
