import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { createDiskBodies, createObjects, type Objects } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { DirectRoute } from "@rondo/wire";
import { clientConfig, startWire, type TestWire } from "@rondo/wire/testing";
import { createS3Service } from "../s3.ts";
import { createSmallObjectRoute } from "../small-object-route.ts";

export interface TestS3 extends AsyncDisposable {
  readonly client: S3Client;
  readonly objects: Objects;
  readonly server: TestWire;
  /** How many requests went around the schemas. */
  readonly directRequests: () => number;
}

/** S3 over the wire with objects of its own and one bucket, `reviews`. */
export async function startS3(options: { readonly direct?: boolean } = {}): Promise<TestS3> {
  const sql = await openTestSql();
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-s3-"));
  const bodies = createDiskBodies({ directory });
  const objects = createObjects({ sql, bodies, clock: { now: () => new Date() } });
  let directRequests = 0;
  const route = createSmallObjectRoute({ objects });
  const counted: DirectRoute = {
    ...route,
    handle(exchange) {
      directRequests++;
      route.handle(exchange);
    },
  };
  const directRoutes = options.direct === false ? [] : [counted];
  const server = await startWire({ services: [createS3Service({ objects })], directRoutes });
  await objects.createBucket({ accountId: "000000000000", bucket: "reviews", region: "eu-central-1" });
  const client = new S3Client(clientConfig(server));
  return {
    client,
    objects,
    server,
    directRequests: () => directRequests,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
      await objects.close();
      await sql.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
