import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import type { Credential } from "../credential.ts";
import { type RequestHead, requestHead } from "../request-head.ts";
import { createAuthenticator } from "./authenticate.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import { readClaim } from "./claim.ts";

/** One request as botocore signed it; written by conformance/python/signature_vectors.py. */
interface Vector {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly token: boolean;
}

interface Vectors {
  readonly now: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly vectors: readonly Vector[];
}

const file = JSON.parse(
  readFileSync(new URL("../testing/generated/signature-vectors.json", import.meta.url), "utf8"),
) as Vectors;

/** What node makes of requests that are written to a socket byte by byte as they stand. */
async function startReader() {
  const heads: RequestHead[] = [];
  const server = createServer((request, response) => {
    heads.push(requestHead(request));
    request.resume().once("end", () => response.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    async read({ method, target, headers, body }: Vector): Promise<RequestHead> {
      const length = `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n`;
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const socket = connect(port, "127.0.0.1").resume();
      socket.end(`${method} ${target} HTTP/1.1\r\n${lines}${length}\r\n${body}`);
      await once(socket, "close");
      const head = heads.pop();
      assert.ok(head !== undefined, `node refused ${target}`);
      return head;
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

async function verify(head: RequestHead, { body, token }: Vector, secondsLater = 0): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = file;
  const credential: Credential = {
    accessKeyId,
    secretAccessKey,
    accountId: "0",
    arn: "a",
    ...(token && { sessionToken }),
  };
  const now = new Date(Date.parse(file.now) + secondsLater * 1000);
  const { authenticate } = createAuthenticator({ credentials: { find: () => credential }, clock: { now: () => now } });
  try {
    const claim = readClaim(head);
    assert.ok(claim !== undefined);
    await authenticate({ head, claim, body: Buffer.from(body) });
    return "accepted";
  } catch (error) {
    if (error instanceof AuthenticationFailure) return error.reason;
    throw error;
  }
}

test("what botocore signs is accepted, and refused when it is changed", async () => {
  await using reader = await startReader();
  for (const vector of file.vectors) {
    const head = await reader.read(vector);
    assert.equal(await verify(head, vector), "accepted", vector.name);
    const changes: Partial<RequestHead>[] = [
      { method: "DELETE" },
      { path: `${head.path}x` },
      { path: head.path.replace(/.$/, "%00") },
      { headers: { ...head.headers, "x-amz-added": "1" } },
    ];
    if (!head.query.includes("AWSAccessKeyId")) changes.push({ query: `${head.query}&added` });
    for (const change of changes)
      assert.notEqual(
        await verify({ ...head, ...change }, vector),
        "accepted",
        `${vector.name} ${JSON.stringify(change)}`,
      );
    if (vector.body !== "")
      assert.notEqual(await verify(head, { ...vector, body: "other" }), "accepted", `${vector.name}, other body`);
  }
});

test("the old signature does not let other operations of the resource through", async () => {
  await using reader = await startReader();
  const [vector] = file.vectors.filter(({ name }) => name.startsWith("S3 old presigned"));
  assert.ok(vector !== undefined);
  const head = await reader.read(vector);
  for (const added of [
    "tagging",
    "retention",
    "attributes",
    "legal-hold",
    "encryption",
    "renameObject",
    "publicAccessBlock",
  ])
    assert.equal(await verify({ ...head, query: `${head.query}&${added}` }, vector), "wrong-signature", added);
});

test("a signature is good for 15 minutes to both sides, a presigned URL until its last second", async () => {
  await using reader = await startReader();
  const limits = async (start: string, seconds: readonly number[]) => {
    const vector = file.vectors.find(({ name }) => name.startsWith(start));
    assert.ok(vector !== undefined);
    const head = await reader.read(vector);
    return Promise.all(seconds.map((later) => verify(head, vector, later)));
  };
  const header = ["skewed", "accepted", "accepted", "skewed"];
  assert.deepEqual(await limits("S3 header, key", [-901, -900, 900, 901]), header);
  assert.deepEqual(await limits("S3 header, Date", [-901, -900, 900, 901]), header);
  const presigned = ["skewed", "accepted", "accepted", "expired-url"];
  assert.deepEqual(await limits("S3 presigned", [-901, -900, 900, 901]), presigned);
  assert.deepEqual(await limits("sts presigned", [-901, -900, 60, 61]), presigned);
  assert.deepEqual(await limits("S3 old presigned", [900, 901]), ["accepted", "expired-url"]);
});

test("names that every object has are no headers", async () => {
  await using reader = await startReader();
  const [vector] = file.vectors;
  assert.ok(vector !== undefined);
  const head = await reader.read(vector);
  const authorization = head.headers.authorization?.replace("SignedHeaders=host", "SignedHeaders=constructor;host");
  assert.equal(await verify({ ...head, headers: { ...head.headers, authorization } }, vector), "wrong-signature");
});
