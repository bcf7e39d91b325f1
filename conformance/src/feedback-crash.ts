/**
 * kill -9 of the whole product at random moments while feedback comes in as fast as it can, again and again on the same home. After each restart every feedback that was
 * answered is there with its label, none is there twice, and those on predictions are traced to prediction, model and training job.
 *
 *     node conformance/src/feedback-crash.ts --rounds 20 --sql embedded
 *
 * The moments come from a seeded generator (`--seed`); what happens between them is up to the machine.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { eventually } from "./eventually.ts";
import { type LaunchedApplication, launchApplication } from "./launch-application.ts";

const KILL_WITHIN_MS = 4000;
/** Users who send one feedback after the other. */
const USERS = 48;
/** Of a round's feedback, those asked for one by one; all are compared in the table. */
const ASKED = 200;

/** A feedback that was answered. */
interface Promised {
  readonly text: string;
  readonly inferenceId: string | undefined;
  /** Two while a second feedback on the same prediction was sent and not answered: either may hold. */
  readonly labels: readonly string[];
}

interface Row {
  readonly text: string;
  readonly label: string;
  readonly isTraced: boolean;
}

interface Trace {
  readonly feedback: { readonly user_label: string } | null;
  readonly prediction: { readonly inference_id: string } | null;
  readonly model: { readonly training_job?: string } | null;
}

interface Submitted {
  readonly feedback_id: string;
  readonly is_traced: boolean;
}

async function post<Answer>(url: string, body: object): Promise<Answer> {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, request);
  const text = await response.text();
  assert.ok(response.ok, `${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** A refused or broken connection; anything else is a fault of the product. */
function isGone(error: unknown): boolean {
  return error instanceof TypeError || (error as NodeJS.ErrnoException).code === "ECONNRESET";
}

/** One user: feedback on a text alone and feedback on a prediction, which the user then takes back. What is answered is promised. */
async function giveFeedback(
  { services }: LaunchedApplication,
  user: string,
  promised: Map<string, Promised>,
): Promise<void> {
  const predictUrl = `${services["inference-service"]}/predict-sentiment`;
  const feedbackUrl = `${services["feedback-service"]}/submit-feedback`;
  const submit = async (text: string, user_label: string, inference_id?: string) =>
    await post<Submitted>(feedbackUrl, { text, user_label, ...(inference_id !== undefined && { inference_id }) });
  for (let number = 0; ; number += 1) {
    const alone = `a fine camera said user ${user} in letter ${number}`;
    const { feedback_id } = await submit(alone, "positive");
    promised.set(feedback_id, { text: alone, inferenceId: undefined, labels: ["positive"] });

    const text = `a camera that broke said user ${user} in letter ${number}`;
    const { inference_id: inferenceId } = await post<{ inference_id: string }>(predictUrl, { text });
    const { feedback_id: traced, is_traced } = await submit(text, "positive", inferenceId);
    assert.ok(is_traced, `feedback ${traced} on prediction ${inferenceId}`);
    promised.set(traced, { text, inferenceId, labels: ["positive", "negative"] });
    assert.equal((await submit(text, "negative", inferenceId)).feedback_id, traced);
    promised.set(traced, { text, inferenceId, labels: ["negative"] });
  }
}

async function readTable(): Promise<Map<string, Row>> {
  const client = new DynamoDBClient();
  const rows = new Map<string, Row>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: "feedback-table", ConsistentRead: true })) {
    for (const { feedback_id, text, user_label, is_traced } of Items) {
      assert.ok(!rows.has(feedback_id!.S!), `feedback ${feedback_id!.S} is there twice`);
      rows.set(feedback_id!.S!, { text: text!.S!, label: user_label!.S!, isTraced: is_traced!.BOOL! });
    }
  }
  client.destroy();
  return rows;
}

/** What was promised, in the table; a feedback that nobody promised may be there once. */
async function verifyTable(promised: ReadonlyMap<string, Promised>): Promise<number> {
  const rows = await readTable();
  for (const [id, { text, inferenceId, labels }] of promised) {
    const row = rows.get(id);
    assert.ok(row !== undefined, `feedback ${id} was answered and is lost`);
    assert.equal(row.text, text);
    assert.ok(labels.includes(row.label), `feedback ${id} is ${row.label} instead of ${labels.join(" or ")}`);
    assert.equal(row.isTraced, inferenceId !== undefined);
  }
  const texts = new Set([...rows.values()].map(({ text }) => text));
  assert.equal(texts.size, rows.size, "each text was sent for one feedback only");
  return rows.size;
}

/** Some of what was promised, through the service. */
async function verifyTraces(application: LaunchedApplication, promised: readonly [string, Promised][]): Promise<void> {
  const url = application.services["feedback-service"];
  const health = await eventually("feedback.json to be empty", async () => {
    const answer = (await (await fetch(`${url}/health`)).json()) as { status: string; pending: number };
    return answer.pending === 0 ? answer : undefined;
  });
  assert.equal(health.status, "ok");
  for (const [id, { inferenceId, labels }] of promised) {
    const trace = (await (await fetch(`${url}/feedback/${id}`)).json()) as Trace;
    assert.ok(labels.includes(trace.feedback?.user_label ?? ""), `GET /feedback/${id}: ${JSON.stringify(trace)}`);
    assert.equal(trace.prediction?.inference_id, inferenceId);
    if (inferenceId !== undefined) assert.match(trace.model?.training_job ?? "", /:training-job\//);
  }
}

/** Lets the users send until the product is killed at this moment. */
async function killWhileBusy(
  application: LaunchedApplication,
  round: number,
  { moment, promised }: { readonly moment: number; readonly promised: Map<string, Promised> },
): Promise<void> {
  const users = Array.from({ length: USERS }, (_, user) =>
    giveFeedback(application, `${user} of round ${round}`, promised).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    }),
  );
  // A user who meets a fault ends the test; without the kill the others would go on.
  await Promise.race([delay(moment), Promise.all(users)]);
  application.process.kill("SIGKILL");
  await once(application.process, "exit");
  await Promise.all(users);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "20" },
      sql: { type: "string", default: "embedded" },
      seed: { type: "string", default: "1" },
    },
  });
  const rounds = Number(values.rounds);
  const home = await mkdtemp(join(tmpdir(), "rondo-feedback-crash-"));
  const promised = new Map<string, Promised>();
  let former = 0;
  let state = Number(values.seed);
  for (let round = 0; round <= rounds; round += 1) {
    await using application = await launchApplication({
      home,
      environment: { RONDO_SQL: values.sql, DATABASE_URL: "" },
    });
    Object.assign(process.env, application.variables);
    const stored = await verifyTable(promised);
    const latest = [...promised].slice(former);
    await verifyTraces(application, latest.slice(-ASKED));
    if (round > 0) console.log(`round ${round}: ${latest.length} answered, all there; ${stored} rows`);
    former = promised.size;
    if (round === rounds) break;
    state = (state * 48_271) % 2_147_483_647;
    await killWhileBusy(application, round, { moment: state % KILL_WITHIN_MS, promised });
  }
  await rm(home, { recursive: true, force: true });
  console.log(
    `${rounds} crashes on ${values.sql}: ${promised.size} feedbacks were answered; none is lost, none doubled`,
  );
  console.log("1 passed, 0 failed");
}

await main();
