import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { keyPairOf, type LaunchedServer, launchServer } from "./launch-server.ts";

async function connect(server: LaunchedServer): Promise<S3Client> {
  return new S3Client({
    endpoint: server.url,
    region: "us-east-1",
    credentials: await keyPairOf(server),
    forcePathStyle: true,
  });
}

test("large objects of one server lie in a bucket of another, and come back after a kill -9", async () => {
  await using keeper = await launchServer();
  const keeperClient = await connect(keeper);
  await keeperClient.send(new CreateBucketCommand({ Bucket: "bodies" }));
  const environment = { ...keeper.variables, RONDO_OBJECTS: "s3://bodies/rondo" };
  await using server = await launchServer({ environment });
  const client = await connect(server);
  const large = Buffer.alloc(300_000, "opinions ");
  await client.send(new CreateBucketCommand({ Bucket: "data" }));
  await client.send(new PutObjectCommand({ Bucket: "data", Key: "small", Body: "in the row" }));
  await client.send(new PutObjectCommand({ Bucket: "data", Key: "large", Body: large }));
  const { Contents: bodies } = await keeperClient.send(
    new ListObjectsV2Command({ Bucket: "bodies", Prefix: "rondo/" }),
  );
  assert.deepEqual(
    bodies?.map(({ Size }) => Size),
    [large.length],
  );

  server.process.kill("SIGKILL");
  await once(server.process, "exit");
  await using again = await launchServer({ home: server.home, environment });
  const { Body } = await (await connect(again)).send(new GetObjectCommand({ Bucket: "data", Key: "large" }));
  assert.deepEqual(Buffer.from(await Body!.transformToByteArray()), large);
});
