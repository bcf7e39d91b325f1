import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  InternalStreamFailure,
  InvokeEndpointWithResponseStreamCommand,
  type InvokeEndpointWithResponseStreamInput,
  ModelStreamError,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { awsError } from "./error.ts";
import type { ServiceDefinition } from "./service.ts";
import { signedHeaders } from "./testing/signed-request.ts";
import { clientConfig, startWire } from "./testing/start-wire.ts";

const require = createRequire(import.meta.url);

const failures: Readonly<Record<string, () => Error>> = {
  modelled: () =>
    awsError("ModelStreamError", "The model gave up.", { fields: { ErrorCode: "ModelInvocationTimeExceeded" } }),
  server: () => awsError("InternalStreamFailure", "It broke.", { status: 500 }),
  unexpected: () => new Error("a secret detail"),
};

const runtime: ServiceDefinition = {
  id: "sagemaker-runtime",
  signingName: "sagemaker",
  protocols: ["rest-json"],
  paths: /^\/endpoints\/[^/]+\/(async-)?invocations/,
  load: () => require("@aws-sdk/client-sagemaker-runtime"),
  client: "SageMakerRuntimeClient",
  operations: {
    InvokeEndpointWithResponseStream: ({ EndpointName }: InvokeEndpointWithResponseStreamInput) => ({
      Body: (async function* () {
        yield { PayloadPart: { Bytes: Buffer.from("first") } };
        throw failures[EndpointName ?? ""]?.();
      })(),
    }),
  },
};

test("an error after the first event travels as an event; what is our fault is logged", async () => {
  await using server = await startWire({ services: [runtime] });
  const client = new SageMakerRuntimeClient(clientConfig(server));
  const read = async (EndpointName: string): Promise<{ text: string; error: unknown }> => {
    const { Body = [] } = await client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName, Body: "x" }));
    let text = "";
    try {
      for await (const event of Body) text += Buffer.from(event.PayloadPart?.Bytes ?? []).toString();
    } catch (error) {
      return { text, error };
    }
    return { text, error: undefined };
  };
  const modelled = await read("modelled");
  assert.equal(modelled.text, "first");
  assert.ok(modelled.error instanceof ModelStreamError);
  assert.equal(modelled.error.ErrorCode, "ModelInvocationTimeExceeded");
  assert.equal(server.logged.length, 0);
  assert.ok((await read("server")).error instanceof InternalStreamFailure);
  const unexpected = await read("unexpected");
  assert.match(String(unexpected.error), /InternalFailure|internal failure/);
  assert.doesNotMatch(String(unexpected.error), /secret/);
  assert.deepEqual(
    server.logged.map(({ operation, status }) => [operation, status]),
    Array.from({ length: 2 }, () => ["InvokeEndpointWithResponseStream", 500]),
  );
  assert.match(String(server.logged[1]?.["error"]), /a secret detail/);
});

test("without a signature, the path tells the form of the refusal", async () => {
  await using server = await startWire({ services: [runtime, objects(() => Readable.from([]))] });
  const headers: readonly Record<string, string>[] = [{}, { authorization: "Basic x" }];
  for (const unsigned of headers) {
    const url = `${server.url}/endpoints/e/invocations-response-stream`;
    const invoked = await fetch(url, { method: "POST", headers: unsigned });
    assert.equal(invoked.status, 403);
    assert.match(invoked.headers.get("x-amzn-errortype") ?? "", /MissingAuthenticationToken|IncompleteSignature/);
    assert.match(await (await fetch(`${server.url}/b/k`, { headers: unsigned })).text(), /^<\?xml/);
  }
});

function objects(body: () => Readable): ServiceDefinition {
  return {
    id: "s3",
    signingName: "s3",
    protocols: ["rest-xml"],
    load: () => require("@aws-sdk/client-s3"),
    client: "S3Client",
    operations: { GetObject: () => ({ Body: body(), ContentLength: 1 << 20 }) },
  };
}

test("a body that breaks after the headers cuts the answer and is logged", async () => {
  const broken = () =>
    Readable.from(
      (function* () {
        yield Buffer.alloc(1000);
        throw new Error("the disk failed");
      })(),
    );
  await using server = await startWire({ services: [objects(broken)] });
  const client = new S3Client(clientConfig(server));
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
  await assert.rejects(async () => Body?.transformToByteArray());
  assert.equal(server.logged.length, 1);
  assert.match(String(server.logged[0]?.["error"]), /the disk failed/);
});

test("a reader that goes away ends the body's source and is not logged", async () => {
  const source = new Readable({
    read() {
      this.push(Buffer.alloc(65_536));
    },
  });
  await using server = await startWire({ services: [objects(() => source)] });
  const url = `${server.url}/b/k`;
  const headers = await signedHeaders({ url, service: "s3", method: "GET" });
  const socket = connect(server.port, "127.0.0.1");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /b/k HTTP/1.1\r\n${lines.join("")}\r\n`);
  await once(socket, "data");
  const closed = new Promise<void>((resolve) => void source.once("error", () => {}).once("close", resolve));
  socket.destroy();
  await closed;
  await nextTurn();
  assert.deepEqual(server.logged, []);
});
