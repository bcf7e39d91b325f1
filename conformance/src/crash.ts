/**
 * kill -9 of the server at random moments of a training job, of an endpoint update and of S3 puts, again and again on the same home. After each restart the
 * job of the round before completes, the endpoint answers, and every object that was acknowledged is there with its bytes.
 *
 *     node conformance/src/crash.ts --rounds 50 --sql embedded
 *
 * The moments come from a seeded generator (`--seed`); what happens between them is up to the machine.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CreateBucketCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  type DeploymentConfig,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { eventually } from "./eventually.ts";
import { labelledText } from "./labelled-text.ts";
import { type LaunchedServer, launchServer } from "./launch-server.ts";
import { createConfiguration, startTraining } from "./training.ts";

const bucket = "crash";
const endpoint = "crash";
const killWithinMs = 1500;

/** Of an update: long enough for the kill to come before, in and after the canary. */
const canary: DeploymentConfig = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "CANARY",
      CanarySize: { Type: "CAPACITY_PERCENT", Value: 10 },
      WaitIntervalInSeconds: 1,
    },
    TerminationWaitInSeconds: 1,
  },
};

interface Clients {
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
}

/** What has been promised to the client so far. */
interface Promised {
  /** Key → MD5 of its bytes. */
  readonly objects: Map<string, string>;
  trainingJob: string | undefined;
  endpoint: boolean;
}

function connect(server: LaunchedServer): Clients {
  Object.assign(process.env, server.variables);
  const options = { maxAttempts: 1 };
  return {
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sagemaker: new SageMakerClient(options),
    runtime: new SageMakerRuntimeClient(options),
  };
}

async function prepare(clients: Clients, promised: Promised): Promise<void> {
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const text = labelledText(20_000, 1);
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "train/all.txt", Body: text }));
  for (const name of ["config-a", "config-b"]) {
    await startTraining(clients.sagemaker, { name, bucket });
    await completed(clients, name);
    await createConfiguration(clients.sagemaker, { name, bucket });
  }
  await clients.sagemaker.send(new CreateEndpointCommand({ EndpointName: endpoint, EndpointConfigName: "config-a" }));
  promised.endpoint = true;
  await inService(clients);
}

async function completed(clients: Clients, name: string): Promise<void> {
  await eventually(`training job ${name}`, async () => {
    const job = await clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    if (job.TrainingJobStatus === "InProgress") return undefined;
    assert.equal(job.TrainingJobStatus, "Completed", `${name}: ${job.FailureReason}`);
    return true;
  });
}

async function inService(clients: Clients): Promise<void> {
  await eventually("the endpoint to be in service", async () => {
    const { EndpointStatus } = await clients.sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpoint }));
    assert.notEqual(EndpointStatus, "Failed");
    return EndpointStatus === "InService" ? true : undefined;
  });
}

/** Everything promised before the crash holds after it. */
async function verify(clients: Clients, promised: Promised): Promise<void> {
  const body = JSON.stringify({ instances: ["a superb screen"] });
  const question = new InvokeEndpointCommand({ EndpointName: endpoint, ContentType: "application/json", Body: body });
  const answer = JSON.parse(Buffer.from((await clients.runtime.send(question)).Body!).toString());
  assert.equal(answer[0].label[0], "__label__positive");
  await inService(clients);
  if (promised.trainingJob !== undefined) await completed(clients, promised.trainingJob);
  const found = new Map<string, string>();
  for await (const page of paginateListObjectsV2({ client: clients.s3 }, { Bucket: bucket, Prefix: "put/" })) {
    for (const { Key, ETag } of page.Contents ?? []) found.set(Key!, ETag!.replaceAll('"', ""));
  }
  for (const [key, digest] of promised.objects) assert.equal(found.get(key), digest, `${key} was acknowledged`);
}

/** Puts objects, some inline in their row and some as files, until the server is gone. */
async function putUntilKilled(clients: Clients, promised: Promised, round: number): Promise<void> {
  for (let index = 0; ; index += 1) {
    const key = `put/${round}/${index}`;
    const body = Buffer.alloc(index % 7 === 0 ? 200_000 : 1_000, `${key} `);
    try {
      await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    } catch {
      return; // Not acknowledged: it may be there or not.
    }
    promised.objects.set(key, createHash("md5").update(body).digest("hex"));
  }
}

/** One change under way; an error means that it was not acknowledged. */
async function change(clients: Clients, promised: Promised, round: number): Promise<void> {
  try {
    if (round % 2 === 0) {
      await startTraining(clients.sagemaker, { name: `round-${round}`, bucket });
      promised.trainingJob = `round-${round}`;
    } else {
      const next = round % 4 === 1 ? "config-b" : "config-a";
      await clients.sagemaker.send(
        new UpdateEndpointCommand({ EndpointName: endpoint, EndpointConfigName: next, DeploymentConfig: canary }),
      );
    }
  } catch {
    await delay(0);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "50" },
      sql: { type: "string", default: "embedded" },
      seed: { type: "string", default: "1" },
    },
  });
  const home = await mkdtemp(join(tmpdir(), "rondo-crash-"));
  const environment = { RONDO_SQL: values.sql, DATABASE_URL: "" };
  const promised: Promised = { objects: new Map(), trainingJob: undefined, endpoint: false };
  let state = Number(values.seed);
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    const started = performance.now();
    const server = await launchServer({ home, environment });
    const ready = performance.now() - started;
    const clients = connect(server);
    if (round === 0) await prepare(clients, promised);
    await verify(clients, promised);
    if (round === Number(values.rounds)) {
      await server[Symbol.asyncDispose]();
      break;
    }
    state = (state * 48_271) % 2_147_483_647;
    const moment = state % killWithinMs;
    const work = Promise.all([
      change(clients, promised, round),
      ...[0, 1, 2, 3].map((n) => putUntilKilled(clients, promised, round * 10 + n)),
    ]);
    await delay(moment);
    server.process.kill("SIGKILL");
    await once(server.process, "exit");
    await work;
    console.log(
      `round ${round}: ready in ${ready.toFixed(0)} ms, killed after ${moment} ms, ${promised.objects.size} objects acknowledged so far`,
    );
  }
  await rm(home, { recursive: true, force: true });
  console.log(
    `${values.rounds} crashes on ${values.sql}: nothing acknowledged was lost, every job completed, the endpoint always answered`,
  );
  console.log("1 passed, 0 failed");
}

await main();
