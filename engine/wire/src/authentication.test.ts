import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import { test } from "node:test";
import type { Credential } from "./credential.ts";
import type { Caller, ServiceDefinition } from "./service.ts";
import { presignedUrl, signedHeaders, type UnsignedRequest } from "./testing/signed-request.ts";
import { startWire, testCredential } from "./testing/start-wire.ts";

const require = createRequire(import.meta.url);
const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);

const temporary: Credential = {
  ...testCredential,
  accessKeyId: "ASIATEMPORARY",
  sessionToken: "token",
  accountId: "111111111111",
};
const expired: Credential = { ...temporary, accessKeyId: "ASIAEXPIRED", expiresAt: new Date(0) };

async function start(stored: string[] = []) {
  const json: ServiceDefinition = {
    id: "sagemaker",
    signingName: "sagemaker",
    targetPrefix: "SageMaker",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-sagemaker"),
    client: "SageMakerClient",
    operations: { ListModels: (_: object, caller: Caller) => ({ NextToken: caller.accountId }) },
  };
  const s3: ServiceDefinition = {
    id: "s3",
    signingName: "s3",
    protocols: ["rest-xml"],
    load: () => require("@aws-sdk/client-s3"),
    client: "S3Client",
    operations: {
      GetObject: ({ Key, ResponseContentType }: { Key: string; ResponseContentType?: string }) => ({
        Body: Key,
        ContentType: ResponseContentType,
      }),
      async PutObject({ Body }: { Body: Readable }) {
        stored.push(Buffer.concat(await Body.toArray()).toString());
        return {};
      },
    },
  };
  const sts: ServiceDefinition = {
    id: "sts",
    signingName: "sts",
    protocols: ["query"],
    load: () => require("@aws-sdk/client-sts"),
    client: "STSClient",
    operations: { GetCallerIdentity: () => ({}) },
  };
  const all = new Map([testCredential, temporary, expired].map((credential) => [credential.accessKeyId, credential]));
  return startWire({ services: [json, s3, sts], credentials: { find: async (id) => all.get(id) } });
}

const target = { "x-amz-target": "SageMaker.ListModels", "content-type": "application/x-amz-json-1.1" };
const form = { "content-type": "application/x-www-form-urlencoded" };

async function send(request: UnsignedRequest, change: { headers?: Record<string, string>; body?: string } = {}) {
  const headers: Record<string, string> = { ...(await signedHeaders(request)), ...change.headers };
  const body = change.body ?? request.body ?? null;
  const answer = await fetch(request.url, {
    method: request.method ?? "POST",
    headers,
    body: request.method === "GET" ? null : body,
  });
  const text = await answer.text();
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? /"__type":"[^"]*#(\w+)"/.exec(text)?.[1];
  return { status: answer.status, text, code };
}

test("each protocol has its own codes for what is wrong with a signature", async () => {
  await using server = await start();
  const requests: Record<string, UnsignedRequest> = {
    json: { url: server.url, service: "sagemaker", headers: target, body: "{}" },
    query: { url: server.url, service: "sts", headers: form, body: "Action=GetCallerIdentity&Version=2011-06-15" },
    s3: { url: `${server.url}/b/k`, service: "s3", method: "GET" },
  };
  const codes = async (change: Partial<UnsignedRequest>, headers: Record<string, string> = {}) =>
    Promise.all(
      Object.values(requests).map(async (request) => (await send({ ...request, ...change }, { headers })).code),
    );
  assert.deepEqual(await codes({}), [undefined, undefined, undefined]);
  assert.deepEqual(await codes({ credential: { ...testCredential, accessKeyId: "AKIANOBODY" } }), [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
  ]);
  assert.deepEqual(await codes({ credential: { ...testCredential, secretAccessKey: "wrong" } }), [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "SignatureDoesNotMatch",
  ]);
  assert.deepEqual(await codes({ signedAt: minutes(-16) }), [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
  ]);
  assert.deepEqual(await codes({ signedAt: minutes(16) }), [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
  ]);
  assert.deepEqual(await codes({ signedAt: minutes(-14) }), [undefined, undefined, undefined]);
  assert.deepEqual(await codes({ credential: temporary as Required<Credential> }), [undefined, undefined, undefined]);
  assert.deepEqual(await codes({ credential: { ...temporary, sessionToken: "other" } }), [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidToken",
  ]);
  assert.deepEqual(await codes({ credential: expired as Required<Credential> }), [
    "ExpiredTokenException",
    "ExpiredToken",
    "ExpiredToken",
  ]);
  assert.deepEqual(await codes({}, { authorization: "AWS4-HMAC-SHA256 Credential=a" }), [
    "IncompleteSignatureException",
    "IncompleteSignature",
    "AuthorizationHeaderMalformed",
  ]);
  assert.deepEqual(await codes({}, { "x-amz-added": "later" }), [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AccessDenied",
  ]);
});

test("the caller is whom the key pair belongs to", async () => {
  await using server = await start();
  const answer = await send({
    url: server.url,
    service: "sagemaker",
    headers: target,
    body: "{}",
    credential: temporary as Required<Credential>,
  });
  assert.match(answer.text, /"NextToken":"111111111111"/);
});

test("a request without a signature is refused", async () => {
  await using server = await start();
  const json = await fetch(server.url, { method: "POST", headers: target, body: "{}" });
  assert.equal(json.status, 403);
  assert.match(await json.text(), /MissingAuthenticationTokenException/);
  assert.match(await (await fetch(`${server.url}/b/k`)).text(), /<Code>AccessDenied/);
});

test("a body that is not the signed one: refused in memory, and a stream of it ends with an error so that nothing is stored", async () => {
  const stored: string[] = [];
  await using server = await start(stored);
  const json = await send({ url: server.url, service: "sagemaker", headers: target, body: "{}" }, { body: "[]" });
  assert.equal(json.code, "InvalidSignatureException");
  const put: UnsignedRequest = { url: `${server.url}/b/k`, service: "s3", method: "PUT", body: "right" };
  assert.equal((await send(put, { body: "wrong" })).code, "XAmzContentSHA256Mismatch");
  assert.deepEqual(stored, []);
  assert.equal((await send(put)).status, 200);
  assert.deepEqual(stored, ["right"]);
});

test("presigned URLs: good until they expire, at most seven days, and only unchanged", async () => {
  await using server = await start();
  const request = {
    url: `${server.url}/b/a%20b?response-content-type=text%2Fhtml`,
    service: "s3",
    headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  };
  const good = await fetch(await presignedUrl(request, 60));
  assert.deepEqual([good.status, await good.text(), good.headers.get("content-type")], [200, "a b", "text/html"]);
  const late = await fetch(await presignedUrl({ ...request, signedAt: minutes(-2) }, 60));
  assert.match(await late.text(), /<Code>AccessDenied<\/Code><Message>Request has expired/);
  const changed = await fetch((await presignedUrl(request, 60)).replace("a%20b", "other"));
  assert.match(await changed.text(), /SignatureDoesNotMatch/);
  const long = (await presignedUrl(request, 60)).replace("X-Amz-Expires=60", "X-Amz-Expires=604801");
  assert.equal((await fetch(long)).status, 400);
});

test("boto3's presigned URLs of the old kind", async () => {
  await using server = await start();
  const url = (expires: number, text = `GET\n\n\n${expires}\n/b/k?response-content-type=text/html`): string => {
    const signature = createHmac("sha1", testCredential.secretAccessKey).update(text).digest("base64");
    const query = new URLSearchParams({
      AWSAccessKeyId: testCredential.accessKeyId,
      Signature: signature,
      Expires: String(expires),
      "response-content-type": "text/html",
    });
    return `${server.url}/b/k?${query}`;
  };
  const soon = Math.floor(Date.now() / 1000) + 60;
  const good = await fetch(url(soon));
  assert.deepEqual([good.status, await good.text(), good.headers.get("content-type")], [200, "k", "text/html"]);
  assert.match(await (await fetch(url(soon - 120))).text(), /Request has expired/);
  assert.match(await (await fetch(url(soon, "GET\n\n\n0\n/b/other"))).text(), /SignatureDoesNotMatch/);
});

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A signed chunked upload as the AWS docs build it. */
async function chunked(url: string, trailer: boolean) {
  const form = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? "-TRAILER" : ""}`;
  const headers = {
    "x-amz-content-sha256": form,
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": "10",
    ...(trailer && { "x-amz-trailer": "x-amz-checksum-crc32" }),
  };
  const signed = await signedHeaders({ url, service: "s3", method: "PUT", headers });
  const date = signed["x-amz-date"] ?? "";
  const scope = `${date.slice(0, 8)}/eu-central-1/s3/aws4_request`;
  const key = scope
    .split("/")
    .reduce<Buffer | string>(
      (k, part) => createHmac("sha256", k).update(part).digest(),
      `AWS4${testCredential.secretAccessKey}`,
    );
  let previous = /Signature=(\w+)/.exec(signed["authorization"] ?? "")?.[1] ?? "";
  const sign = (kind: string, rest: string): string => {
    previous = createHmac("sha256", key).update(`${kind}\n${date}\n${scope}\n${previous}\n${rest}`).digest("hex");
    return previous;
  };
  let body = "";
  for (const data of ["hello", "world", ""]) {
    const signature = sign("AWS4-HMAC-SHA256-PAYLOAD", `${hash("")}\n${hash(data)}`);
    body += `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}${data === "" ? "" : "\r\n"}`;
  }
  const line = "x-amz-checksum-crc32:AAAAAA==";
  body += trailer
    ? `${line}\r\nx-amz-trailer-signature:${sign("AWS4-HMAC-SHA256-TRAILER", hash(`${line}\n`))}\r\n\r\n`
    : "\r\n";
  return { signed, body };
}

for (const trailer of [false, true]) {
  test(`signed chunks${trailer ? " with a signed trailer" : ""}: every signature is verified`, async () => {
    const stored: string[] = [];
    await using server = await start(stored);
    const url = `${server.url}/b/k`;
    const { signed, body } = await chunked(url, trailer);
    const put = async (changed: string) => (await fetch(url, { method: "PUT", headers: signed, body: changed })).status;
    assert.equal(await put(body), 200);
    assert.deepEqual(stored, ["helloworld"]);
    assert.equal(await put(body.replace("world", "w0rld")), 403);
    assert.equal(await put(body.replace(/chunk-signature=./, "chunk-signature=g")), 403);
    assert.notEqual(await put(body.slice(0, 60)), 200);
    assert.notEqual(await put(body.slice(0, body.indexOf("0;chunk"))), 200);
    if (trailer) {
      assert.equal(await put(body.replace("AAAAAA==", "BBBBBB==")), 403);
      assert.notEqual(await put(body.replace(/x-amz-checksum.*$/s, "\r\n")), 200);
    }
    assert.equal(stored.length, 1);
  });
}
