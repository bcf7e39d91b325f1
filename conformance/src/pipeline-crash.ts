/**
 * kill -9 of the server while a pipeline runs: at each named crash point of pipelines and jobs in turn, and at random moments, again and again on the
 * same home. After each crash the next start brings the execution to its end: every step succeeded, each had exactly one job, each job's effect is there exactly
 * once, and the registry has exactly one version per execution.
 *
 *     node conformance/src/pipeline-crash.ts --rounds 100 --sql embedded
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  paginateListModelPackages,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
} from "@aws-sdk/client-sagemaker";
import { type PipelineExecution, Session } from "@rondo/sdk";
import { eventually } from "./eventually.ts";
import { type LaunchedServer, launchServer } from "./launch-server.ts";
import { effects, GROUP, prepareEffects, STEPS, startEffects } from "./pipeline-effects.ts";

const JOB_POINTS = ["staged", "launched", "followed", "uploaded", "cleaned"];

/** Every crash point on the way of every step; `@2` is the second time that it is passed: by the second job, or the second step. */
const points = [
  ...["@1", "@2", "@3", "@4"].map((passage) => `pipeline-execution:created${passage}`),
  ...["@1", "@2", "@3"].map((passage) => `pipeline-execution:begun${passage}`),
  ...["@1", "@2"].map((passage) => `pipeline-execution:advanced${passage}`),
  ...JOB_POINTS.flatMap((point) => [`processing-job:${point}@1`, `processing-job:${point}@2`]),
  ...JOB_POINTS.map((point) => `training-job:${point}`),
];
/** Executions take some seconds; later moments would find nothing to interrupt. */
const KILL_WITHIN_MS = 4000;

interface Round {
  readonly number: number;
  /** The crash point to die at; undefined for a random moment. */
  readonly point: string | undefined;
  /** Milliseconds after the start, when there is no point. */
  readonly moment: number;
}

function planRound(number: number, random: number): Round {
  const point = number % 2 === 0 ? points[(number / 2) % points.length] : undefined;
  return { number, point, moment: random % KILL_WITHIN_MS };
}

function openSession(server: LaunchedServer): Session {
  Object.assign(process.env, server.variables);
  return new Session();
}

/** Starts the execution and dies. The token makes that a start which was not answered can be repeated. */
async function startAndDie(home: string, sql: string, round: Round): Promise<void> {
  const crash: Record<string, string> = round.point === undefined ? {} : { RONDO_CRASH_POINT: round.point };
  const server = await launchServer({ home, environment: { RONDO_SQL: sql, DATABASE_URL: "", ...crash } });
  const exit = once(server.process, "exit");
  const session = openSession(server);
  // The server may be gone before it answers.
  const started = startEffects(session, round.number).catch(() => undefined);
  if (round.point === undefined) await Promise.all([started, delay(round.moment)]);
  else await Promise.race([exit, delay(15_000)]);
  server.process.kill("SIGKILL");
  await exit;
  session.close();
}

/** What must be true of an execution, whatever happened to the servers that ran it. */
async function verify(session: Session, round: number): Promise<void> {
  const execution = await startEffects(session, round);
  await eventually(`the execution of round ${round}`, async () => {
    const { PipelineExecutionStatus: status } = await execution.describe();
    return status === "Executing" ? undefined : status;
  });
  const { PipelineExecutionStatus: status } = await execution.describe();
  const steps = await execution.steps();
  assert.equal(status, "Succeeded", JSON.stringify(steps));
  assert.deepEqual(steps.map(({ StepName }) => StepName).sort(), [...STEPS].sort());
  const id = idOf(execution);
  for (const name of ["Prepare", "Evaluate"]) {
    assert.equal(await countProcessingJobs(session, `pipelines-${id}-${name}`), 1, `processing jobs of ${name}`);
    assert.equal((await effects(session, id, name)).length, 1, `effects of ${name}`);
  }
  assert.equal(await countTrainingJobs(session, `pipelines-${id}-Train`), 1, "training jobs");
}

function idOf(execution: PipelineExecution): string {
  return execution.arn.split("/").at(-1) ?? "";
}

async function countProcessingJobs({ sagemaker: client }: Session, NameContains: string): Promise<number> {
  let count = 0;
  for await (const page of paginateListProcessingJobs({ client }, { NameContains })) {
    count += page.ProcessingJobSummaries?.length ?? 0;
  }
  return count;
}

async function countTrainingJobs({ sagemaker: client }: Session, NameContains: string): Promise<number> {
  let count = 0;
  for await (const page of paginateListTrainingJobs({ client }, { NameContains })) {
    count += page.TrainingJobSummaries?.length ?? 0;
  }
  return count;
}

async function countVersions({ sagemaker: client }: Session): Promise<number> {
  let count = 0;
  for await (const page of paginateListModelPackages({ client }, { ModelPackageGroupName: GROUP })) {
    count += page.ModelPackageSummaryList?.length ?? 0;
  }
  return count;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "100" },
      sql: { type: "string", default: "embedded" },
      seed: { type: "string", default: "1" },
    },
  });
  const home = await mkdtemp(join(tmpdir(), "rondo-pipeline-crash-"));
  let random = Number(values.seed);
  for (let number = 0; number < Number(values.rounds); number += 1) {
    random = (random * 48_271) % 2_147_483_647;
    const round = planRound(number, random);
    if (number > 0) await startAndDie(home, values.sql, round);
    await using server = await launchServer({ home, environment: { RONDO_SQL: values.sql, DATABASE_URL: "" } });
    const session = openSession(server);
    if (number === 0) await prepareEffects(session);
    await verify(session, number);
    assert.equal(await countVersions(session), number + 1, "versions in the registry");
    session.close();
    console.log(`round ${number}: ${number === 0 ? "no crash" : (round.point ?? `killed after ${round.moment} ms`)}`);
  }
  await rm(home, { recursive: true, force: true });
  console.log(`${values.rounds} executions on ${values.sql} ended right, nothing was done twice and nothing left out`);
  console.log("1 passed, 0 failed");
}

await main();
