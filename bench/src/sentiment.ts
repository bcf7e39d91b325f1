/**
 * The sentiment application under load, started as a user starts it: predictions at a fixed rate while a new model is rolled out, then feedback at a
 * fixed rate. The load generator is this process, beside the server's, on the same cores.
 *
 *     node bench/src/sentiment.ts --seconds 60 --feedback-seconds 20
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { type LaunchedApplication, launchApplication } from "@rondo/conformance/launch-application";
import { type Opinion, parseOpinions, type SentimentResponse } from "@rondo/sentiment";
import { type OpenLoopResult, runOpenLoop } from "./open-loop.ts";
import { processorSeconds } from "./processor-seconds.ts";
import { type RollOut, rollOut } from "./sentiment-roll-out.ts";
import { writeResult } from "./write-result.ts";

const GOAL = { predictionsPerSecond: 200, p99Milliseconds: 50, feedbacksPerSecond: 1000, failures: 0 } as const;
/** Compiling the hot paths is not what a service does all day. */
const WARM_UP_SECONDS = 5;
/** A fixed rate is kept when all were sent and answered about in time. */
const KEPT_SHARE = 0.99;

/** A prediction that was answered, and what it was asked. */
interface Answered {
  readonly opinion: Opinion;
  readonly answer: SentimentResponse;
  /** When it was sent, in the order of all. */
  readonly index: number;
}

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    "feedback-seconds": { type: "string", default: "20" },
  },
});

async function post<Answer>(url: string, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as Answer;
}

async function readDataset(): Promise<Opinion[]> {
  const folder = join(import.meta.dirname, "../../apps/sentiment/Dataset");
  return parseOpinions(await readFile(join(folder, "test_data_hidden.csv")));
}

/** Asks for real opinions; every answer is added to `answered`. */
async function predict(
  application: LaunchedApplication,
  seconds: number,
  answered: Answered[],
): Promise<OpenLoopResult> {
  const opinions = await readDataset();
  return await runOpenLoop({
    requestsPerSecond: GOAL.predictionsPerSecond,
    seconds,
    async send(index) {
      const opinion = opinions[index % opinions.length]!;
      const url = `${application.services["inference-service"]}/predict-sentiment`;
      answered.push({ index, opinion, answer: await post<SentimentResponse>(url, { text: opinion.text }) });
    },
  });
}

/** Half of it on the predictions, half on texts alone. */
async function sendFeedback(
  application: LaunchedApplication,
  seconds: number,
  answered: readonly Answered[],
): Promise<OpenLoopResult> {
  return await runOpenLoop({
    requestsPerSecond: GOAL.feedbacksPerSecond,
    seconds,
    async send(index) {
      const { opinion, answer } = answered[(index >> 1) % answered.length]!;
      const about = index % 2 === 0 ? { inference_id: answer.inference_id } : {};
      const url = `${application.services["feedback-service"]}/submit-feedback`;
      await post(url, { ...about, text: opinion.text, user_label: opinion.label });
    },
  });
}

async function countFeedback(): Promise<number> {
  const client = new DynamoDBClient();
  let count = 0;
  for await (const page of paginateScan({ client }, { TableName: "feedback-table", Select: "COUNT" })) {
    count += page.Count ?? 0;
  }
  client.destroy();
  return count;
}

interface MeasuredLoad extends OpenLoopResult {
  /** Of the server with its database, for each request: what a machine needs for this rate, however busy this one is. */
  readonly processorMillisecondsPerRequest: number;
}

async function withProcessorTime(
  { process: server }: LaunchedApplication,
  load: () => Promise<OpenLoopResult>,
): Promise<MeasuredLoad> {
  const before = processorSeconds(server.pid!);
  const result = await load();
  const spent = processorSeconds(server.pid!) - before;
  return { ...result, processorMillisecondsPerRequest: (spent * 1000) / result.sent };
}

/** The roll-out took place under the load: both variants answered, and of the last second's predictions all the new one. */
function happened(answered: readonly Answered[], { from, to }: RollOut): boolean {
  const variants = new Set(answered.map(({ answer }) => answer.variant));
  const last = answered.toSorted((a, b) => a.index - b.index).slice(-GOAL.predictionsPerSecond);
  return variants.has(from) && variants.has(to) && last.every(({ answer }) => answer.variant === to);
}

function describe(what: string, load: MeasuredLoad): string {
  const { p50Milliseconds: p50, p95Milliseconds: p95, p99Milliseconds: p99, maxMilliseconds: most } = load;
  const times = Object.entries({ p50, p95, p99, max: most }).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`);
  const processor = `${load.processorMillisecondsPerRequest.toFixed(2)} ms of processor time each`;
  return [
    `${what}: ${load.sent} sent`,
    `${load.achievedPerSecond.toFixed(0)}/s`,
    `${load.failures} failures`,
    ...times,
    processor,
  ].join(", ");
}

async function main(): Promise<void> {
  const seconds = Number(options.seconds);
  await using application = await launchApplication();
  Object.assign(process.env, application.variables);
  const warmUp: Answered[] = [];
  await predict(application, WARM_UP_SECONDS, warmUp);

  const answered: Answered[] = [];
  const [predictions, rollout] = await Promise.all([
    withProcessorTime(application, () => predict(application, seconds, answered)),
    delay((seconds * 1000) / 6).then(rollOut),
  ]);
  const rolledOut = happened(answered, rollout);
  console.log(describe("predictions", predictions));
  console.log(`${rollout.from} → ${rollout.to} in ${rollout.seconds.toFixed(1)} s meanwhile: ${rolledOut}`);

  await sendFeedback(application, WARM_UP_SECONDS, warmUp);
  const before = await countFeedback();
  const feedback = await withProcessorTime(application, () =>
    sendFeedback(application, Number(options["feedback-seconds"]), answered),
  );
  const stored = (await countFeedback()) - before;
  console.log(describe("feedback", feedback), `${stored} rows more in the table`);

  const reached = {
    predictions: predictions.failures === 0 && rolledOut && predictions.p99Milliseconds < GOAL.p99Milliseconds,
    feedback: feedback.failures === 0 && feedback.achievedPerSecond >= KEPT_SHARE * GOAL.feedbacksPerSecond,
  };
  console.log(Object.entries(reached).map(([name, isReached]) => `${name} ${isReached ? "reached" : "MISSED"}`));
  await writeResult("sentiment", {
    goal: GOAL,
    predictions,
    rollout: { ...rollout, happened: rolledOut },
    feedback,
    stored,
    reached,
  });
  if (Object.values(reached).includes(false)) process.exitCode = 1;
}

await main();
