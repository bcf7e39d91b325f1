import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { type Bodies, openBodies } from "@rondo/store";
import { bodiesSuite } from "@rondo/store/testing";
import { testCredential } from "@rondo/wire/testing";
import { startS3, type TestS3 } from "./testing/start-s3.ts";

/** The standard variables, as an operator sets them for RONDO_OBJECTS, while the client is made. */
async function openWithVariables(server: TestS3, location: string): Promise<Bodies> {
  const variables = {
    AWS_ENDPOINT_URL_S3: server.server.url,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: testCredential.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testCredential.secretAccessKey,
  };
  Object.assign(process.env, variables);
  return openBodies({ location, directory: "unused" });
}

async function openTestBodies() {
  const server = await startS3();
  const bodies = await openWithVariables(server, "s3://reviews/bodies");
  return {
    ...bodies,
    async [Symbol.asyncDispose]() {
      await bodies.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

bodiesSuite("another S3", openTestBodies);

test("a location must name a bucket", async () => {
  await assert.rejects(openBodies({ location: "http://bucket", directory: "unused" }), {
    code: "InvalidConfiguration",
  });
});

test("bodies lie under the prefix of their bucket", async () => {
  await using server = await startS3();
  const bodies = await openWithVariables(server, "s3://reviews/some/prefix");
  const bytes = randomBytes(10);
  await bodies.write(
    "some-id",
    (async function* () {
      yield bytes;
    })(),
  );
  const got = await server.objects.get({ accountId: "000000000000", bucket: "reviews" }, "some/prefix/some-id");
  assert.ok((Buffer.isBuffer(got.body) ? got.body : await buffer(got.body)).equals(bytes));
  assert.equal((await bodies.describe()).location, "s3://reviews/some/prefix/");
  await bodies.close();
});
