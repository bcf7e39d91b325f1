import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { createControlLoop, type ResourceKind } from "@rondo/control";
import { type Sql, silentLogger } from "@rondo/store";
import { createWireServer } from "@rondo/wire";
import { createSageMakerService } from "../sagemaker.ts";
import type { TrainingImages } from "../training-job-images.ts";
import { caller, type JobHouse } from "./job-house.ts";

const key = { accessKeyId: caller.accessKeyId, secretAccessKey: "training-secret" };
const DEADLINE_MS = 60_000;

/** Polls until the condition holds; fails after 60 s. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "the awaited state did not come");
    await delay(20);
  }
}

/** SageMaker on a free port with the control loop for one kind of job. Takes over house and database. */
export async function startJobServer<Body extends object>(
  sql: Sql,
  house: JobHouse & { readonly images?: TrainingImages },
  kind: ResourceKind<Body>,
) {
  const { clock } = house;
  const wire = createWireServer({
    services: [createSageMakerService(house)],
    directRoutes: [],
    credentials: { find: (id) => (id === key.accessKeyId ? { ...key, ...caller } : undefined) },
    clock,
    logger: silentLogger,
  });
  const { url } = await wire.listen({ host: "127.0.0.1", port: 0 });
  const kinds = [kind as ResourceKind<object>];
  const loop = createControlLoop({ resources: house.resources, kinds, clock });
  await loop.start();
  const client = new SageMakerClient({ endpoint: url, region: caller.region, credentials: key, maxAttempts: 1 });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await wire.close(1000);
      await loop.stop();
      await house[Symbol.asyncDispose]();
      await sql.close();
    },
  };
}
