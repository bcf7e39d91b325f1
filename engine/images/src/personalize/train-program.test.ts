import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openScorer, readModelDirectory, type TrainingReport, type TrainingRequest } from "@rondo/personalize";
import { writePersonalizeConfiguration } from "./configuration-file.ts";
import { personalizeCommand } from "./run-personalize.ts";

const USERS = 60;
const ITEMS = 40;

/** What stands for `/opt/ml`, with events of two tastes: users take the even or the odd items. */
async function stagedJob(recipe: string, eventsOfUser: number) {
  const folder = await mkdtempDisposable(join(tmpdir(), "train-"));
  const dataset = join(folder.path, "input", "data", "Interactions");
  await mkdir(dataset, { recursive: true });
  const field = (name: string, type: string) => ({
    name,
    type,
    isNullable: false,
    isCategorical: false,
    isTextual: false,
  });
  const fields = [field("USER_ID", "string"), field("ITEM_ID", "string"), field("TIMESTAMP", "long")];
  await writeFile(join(dataset, "schema.json"), JSON.stringify({ type: "Interactions", fields }));
  const events = Array.from({ length: USERS * eventsOfUser }, (_, event) => {
    const user = event % USERS;
    const place = Math.floor(event / USERS);
    const item = (2 * ((user * 3 + place * 7) % (ITEMS / 2)) + (user % 2)) % ITEMS;
    const values = { USER_ID: `user-${user}`, ITEM_ID: `item-${item}`, TIMESTAMP: 1_600_000_000 + event * 3600 };
    return JSON.stringify({ number: event + 1, values });
  });
  await writeFile(join(dataset, "events.jsonl"), `${events.join("\n")}\n`);
  const request: TrainingRequest = { recipe, trainingMode: "FULL", performHPO: false, solutionConfig: {} };
  await writePersonalizeConfiguration(folder.path, "train", request);
  return { path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}

function start(directory: string) {
  const [node = process.execPath, ...parameters] = personalizeCommand("train");
  const child = spawn(node, parameters, { env: { ...process.env, SAGEMAKER_BASE_DIR: directory } });
  const lines: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  return { child, output: () => lines.join("") };
}

test("a training reads the staged events and leaves a model, metrics and lines of progress", async () => {
  await using job = await stagedJob("aws-sims", 18);
  const { child, output } = start(job.path);
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 0, output());
  const model = await readModelDirectory(join(job.path, "model"));
  assert.deepEqual([model.users.ids.length, model.learned.events.items.length], [USERS, USERS * 18]);
  const { scorer } = await openScorer(model);
  assert.equal(scorer.items, ITEMS);
  const report = JSON.parse(await readFile(join(job.path, "output", "data", "metrics.json"), "utf8")) as TrainingReport;
  assert.ok((report.metrics["normalized_discounted_cumulative_gain_at_25"] ?? 0) > 0);
  assert.match(output(), /Interactions: 1080 records\./);
  assert.match(output(), /100 % learning from all/);
});

test("too few events fail with a reason", async () => {
  await using job = await stagedJob("aws-sims", 10);
  const { child } = start(job.path);
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 1);
  const reason = await readFile(join(job.path, "output", "failure"), "utf8");
  assert.match(reason, /^ClientError: There are 600 interactions/);
});

test("a stop ends the program without a model", async () => {
  await using job = await stagedJob("aws-user-personalization", 200);
  const { child, output } = start(job.path);
  while (!output().includes("records.")) await once(child.stdout, "data");
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 0, output());
  assert.match(output(), /Stopped before the model was ready\./);
  await assert.rejects(access(join(job.path, "model", "model.rondo")));
});
