/**
 * kill -9 of the server during imports, trainings, campaign updates and batch jobs of Personalize, at random moments, again and again on the same home, while
 * events are put. After each restart what was begun ends right, the campaign answers, and in the end every acknowledged event and every imported row is there exactly
 * once.
 *
 *     node conformance/src/personalize-crash.ts --rounds 40 --sql embedded
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  CreateBatchInferenceJobCommand,
  DescribeBatchInferenceJobCommand,
  PersonalizeClient,
  UpdateCampaignCommand,
} from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { eventually } from "./eventually.ts";
import { type LaunchedServer, launchServer } from "./launch-server.ts";
import {
  BUCKET,
  campaignEnded,
  createSetting,
  exportRows,
  importEnded,
  importedRows,
  type PersonalizeSetting,
  startImport,
  startTraining,
  trainingEnded,
} from "./personalize-setting.ts";

/** Each of the four takes about a second. */
const KILL_WITHIN_MS = 1500;
const BATCH_USERS = 2000;

interface Clients {
  readonly personalize: PersonalizeClient;
  readonly runtime: PersonalizeRuntimeClient;
  readonly events: PersonalizeEventsClient;
  readonly s3: S3Client;
}

/** What has been promised to the client so far. */
interface Promised {
  /** Users of acknowledged events: each has one. */
  readonly events: string[];
  /** Parts of the dataset whose import was begun. */
  readonly imports: number[];
  /** Waits for the end of what was begun in the round before. */
  pending: ((clients: Clients) => Promise<void>) | undefined;
  /** The newest version that has been trained, and the one that the campaign is to answer with. */
  newestVersion: string;
}

function connect(server: LaunchedServer): Clients {
  Object.assign(process.env, server.variables);
  const options = { maxAttempts: 1 };
  return {
    personalize: new PersonalizeClient(options),
    runtime: new PersonalizeRuntimeClient(options),
    events: new PersonalizeEventsClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
  };
}

/** Puts events one after the other until the server is gone; each is of a person of its own. */
async function putUntilKilled(clients: Clients, setting: PersonalizeSetting, promised: Promised, name: string) {
  for (let index = 0; ; index += 1) {
    const userId = `event-${name}-${index}`;
    const event = { eventType: "view", itemId: `item-${index % 40}`, sentAt: new Date(1_750_000_000_000) };
    const { trackingId } = setting;
    try {
      await clients.events.send(new PutEventsCommand({ trackingId, userId, sessionId: userId, eventList: [event] }));
    } catch {
      return; // Not acknowledged: it may be there or not.
    }
    promised.events.push(userId);
  }
}

/** One piece of work, of the four in turn; an error means that it was not acknowledged. */
async function begin(clients: Clients, setting: PersonalizeSetting, promised: Promised, round: number): Promise<void> {
  const { campaignArn, solutionArn, datasetArn } = setting;
  try {
    if (round % 4 === 0) {
      const part = 1 + round / 4;
      const arn = await startImport(clients, datasetArn, part);
      promised.imports.push(part);
      promised.pending = async (later) => await importEnded(later, arn);
    } else if (round % 4 === 1) {
      const arn = await startTraining(clients, solutionArn);
      promised.pending = async (later) => {
        await trainingEnded(later, arn);
        promised.newestVersion = arn;
      };
    } else if (round % 4 === 2) {
      const version = promised.newestVersion;
      await clients.personalize.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn: version }));
      promised.pending = async (later) => await campaignEnded(later, campaignArn, version);
    } else {
      promised.pending = await startBatch(clients, setting.versionArn, round);
    }
  } catch {
    await delay(0);
  }
}

async function startBatch({ personalize, s3 }: Clients, solutionVersionArn: string, round: number) {
  const lines = Array.from({ length: BATCH_USERS }, (_, user) => JSON.stringify({ userId: `import-0-${user % 60}` }));
  const Key = `batch/${round}.json`;
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: lines.join("\n") }));
  const { batchInferenceJobArn } = await personalize.send(
    new CreateBatchInferenceJobCommand({
      jobName: `batch-${round}`,
      solutionVersionArn,
      jobInput: { s3DataSource: { path: `s3://${BUCKET}/${Key}` } },
      jobOutput: { s3DataDestination: { path: `s3://${BUCKET}/batch-output/` } },
      roleArn: "arn:aws:iam::000000000000:role/PersonalizeRole",
      numResults: 5,
    }),
  );
  return async (later: Clients): Promise<void> => {
    await eventually("the batch job", async () => {
      const describe = new DescribeBatchInferenceJobCommand({ batchInferenceJobArn });
      const { batchInferenceJob: job } = await later.personalize.send(describe);
      assert.notEqual(job?.status, "CREATE FAILED", job?.failureReason);
      return job?.status === "ACTIVE" ? true : undefined;
    });
    const answer = await later.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `batch-output/${round}.json.out` }));
    const answers = ((await answer.Body?.transformToString()) ?? "").trim().split("\n");
    assert.equal(answers.length, BATCH_USERS, "a line for each line, once");
  };
}

async function verify(clients: Clients, { campaignArn }: PersonalizeSetting, promised: Promised): Promise<void> {
  const ask = new GetRecommendationsCommand({ campaignArn, userId: "import-0-1", numResults: 5 });
  const { itemList } = await clients.runtime.send(ask);
  assert.equal(itemList?.length, 5, "the campaign answers at once after the restart");
  await promised.pending?.(clients);
  promised.pending = undefined;
}

/** Every imported row and every acknowledged event exactly once; of the others, which were not answered, at most once. */
async function verifyRows(clients: Clients, { datasetArn }: PersonalizeSetting, promised: Promised): Promise<void> {
  const counts = new Map<string, number>();
  for (const row of await exportRows(clients, datasetArn)) {
    const [user = "", , , time = ""] = row.replaceAll('"', "").split(",");
    const key = user.startsWith("import-") ? `${user},${time}` : user;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const imported = promised.imports.flatMap((part) => importedRows(part)).map((row) => row.replace(/,.*,/, ","));
  for (const key of [...imported, ...promised.events]) assert.equal(counts.get(key), 1, `${key} is there once`);
  assert(
    [...counts.values()].every((count) => count === 1),
    "nothing is there twice",
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "40" },
      sql: { type: "string", default: "embedded" },
      seed: { type: "string", default: "1" },
    },
  });
  const rounds = Number(values.rounds);
  const home = await mkdtemp(join(tmpdir(), "rondo-personalize-crash-"));
  const environment = { RONDO_SQL: values.sql, DATABASE_URL: "" };
  const promised: Promised = { events: [], imports: [0], pending: undefined, newestVersion: "" };
  let setting: PersonalizeSetting | undefined;
  let state = Number(values.seed);
  for (let round = 0; round <= rounds; round += 1) {
    const server = await launchServer({ home, environment });
    const clients = connect(server);
    if (setting === undefined) {
      await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
      setting = await createSetting(clients);
      promised.newestVersion = setting.versionArn;
    }
    await verify(clients, setting, promised);
    if (round === rounds) {
      await verifyRows(clients, setting, promised);
      await server[Symbol.asyncDispose]();
      break;
    }
    state = (state * 48_271) % 2_147_483_647;
    const moment = state % KILL_WITHIN_MS;
    const writers = [0, 1, 2, 3].map((n) => `${round}-${n}`);
    const work = Promise.all([
      begin(clients, setting, promised, round),
      ...writers.map((name) => putUntilKilled(clients, setting as PersonalizeSetting, promised, name)),
    ]);
    await delay(moment);
    server.process.kill("SIGKILL");
    await once(server.process, "exit");
    await work;
    console.log(`round ${round}: killed after ${moment} ms, ${promised.events.length} events acknowledged so far`);
  }
  await rm(home, { recursive: true, force: true });
  console.log(`${rounds} crashes on ${values.sql}: nothing acknowledged was lost or doubled, all that was begun ended`);
  console.log("1 passed, 0 failed");
}

await main();
