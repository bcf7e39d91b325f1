import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { isAtWork, type Run } from "../runs/run.ts";
import type { Runner } from "../runs/runner.ts";
import type { AnswerCache } from "../storage/answer-cache.ts";
import { answers } from "../web/service-error.ts";
import type { EvaluationRow } from "./evaluation-row.ts";
import type { LiveReport } from "./live-evaluation.ts";

/** The answer of `GET /latest-evaluation`. */
export interface LatestEvaluation {
  /** The gate's latest verdict on a candidate, with its numbers. */
  readonly gate: EvaluationRow | null;
  /** The gate's verdict on the candidate that got into service last. */
  readonly in_service: EvaluationRow | null;
  /** The latest look at the model in service on recent feedback: accuracy, drift, whether retraining is advised. */
  readonly live: EvaluationRow | null;
  /** The live evaluation that was asked for last; while it runs, or when it failed, `live` is the one before. */
  readonly latest_run: EvaluationRun | null;
}

interface EvaluationRun {
  readonly evaluation_id: string;
  readonly timestamp: string;
  readonly status: Run["status"];
  readonly reason: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly failure_reason?: string;
}

const ROW = {
  type: ["object", "null"],
  required: ["evaluation_id", "kind", "timestamp", "run_id", "model_version", "report"],
  properties: {
    evaluation_id: { type: "string" },
    kind: { type: "string", enum: ["gate", "live"] },
    timestamp: { type: "string" },
    run_id: { type: "string" },
    model_version: { type: ["string", "null"], description: "Null for a candidate that did not get into service" },
    report: { type: "object", additionalProperties: true },
  },
} as const;

const RUN = {
  type: "object",
  required: ["evaluation_id", "timestamp", "status", "reason"],
  properties: {
    evaluation_id: { type: "string" },
    timestamp: { type: "string" },
    status: { type: "string" },
    reason: { type: "string" },
    counts: { type: "object", additionalProperties: { type: "number" } },
    failure_reason: { type: "string" },
  },
} as const;

const LATEST = {
  description: "The latest verdict of the gate and the latest live evaluation",
  type: "object",
  required: ["gate", "in_service", "live", "latest_run", "stale", "read_at"],
  properties: {
    gate: { ...ROW, description: "The latest candidate on the hidden test set" },
    in_service: { ...ROW, description: "The candidate that got into service last on the hidden test set" },
    live: { ...ROW, description: "On recent feedback" },
    latest_run: { ...RUN, type: ["object", "null"] },
    stale: { type: "boolean", description: "Whether it is from evaluations.json, since DynamoDB is out of reach" },
    read_at: { type: "string" },
  },
} as const;

const RUN_BODY = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: { reason: { type: "string", minLength: 1, maxLength: 256 } },
} as const;

export interface EvaluationRoutesOptions {
  readonly runner: Pick<Runner<LiveReport>, "begin" | "latest">;
  /** Rows of a kind, latest first. */
  evaluations(kind: EvaluationRow["kind"], signal: AbortSignal): AsyncIterable<EvaluationRow>;
  readonly cache: AnswerCache<{ readonly latest: LatestEvaluation }>;
  readonly clock: { now(): Date };
}

/** `POST /run-evaluation` and `GET /latest-evaluation` (S-4, S-37). */
export function evaluationRoutes(options: EvaluationRoutesOptions): (service: FastifyInstance) => void {
  const { runner, evaluations, cache, clock } = options;
  // Two requests at once begin one run.
  let beginning = Promise.resolve<unknown>(undefined);

  async function begin(reason: string): Promise<Run<LiveReport>> {
    const latest = await runner.latest();
    if (latest !== undefined && isAtWork(latest)) return latest;
    const timestamp = clock.now().toISOString();
    const run: Run<LiveReport> = { run_id: randomUUID(), kind: "evaluation", timestamp, status: "Preparing", reason };
    await runner.begin(run);
    return run;
  }

  async function readLatest(signal: AbortSignal): Promise<LatestEvaluation> {
    const [gate, in_service, live, run] = await Promise.all([
      first(evaluations("gate", signal)),
      first(evaluations("gate", signal), ({ model_version }) => model_version !== null),
      first(evaluations("live", signal)),
      runner.latest(),
    ]);
    return { gate, in_service, live, latest_run: run === undefined ? null : show(run) };
  }

  return (service) => {
    service.post<{ Body: { reason?: string } | null }>(
      "/run-evaluation",
      {
        schema: {
          summary: "Judge the model in service on recent feedback, in the background",
          body: RUN_BODY,
          response: answers({ 202: { ...RUN, description: "It runs; one that runs already is answered" } }),
        },
      },
      async (request, reply) => {
        const turn = beginning.then(() => begin(request.body?.reason ?? "asked for"));
        beginning = turn.catch(() => undefined);
        return reply.code(202).send(show(await turn));
      },
    );
    service.get(
      "/latest-evaluation",
      {
        schema: {
          summary: "The gate's latest verdict with its numbers, and accuracy and drift on recent feedback",
          response: answers({ 200: LATEST }),
        },
      },
      async () => {
        const { value, ...about } = await cache.answer("latest", readLatest);
        return { ...value, ...about };
      },
    );
  };
}

async function first<Row>(rows: AsyncIterable<Row>, isWanted: (row: Row) => boolean = () => true): Promise<Row | null> {
  for await (const row of rows) if (isWanted(row)) return row;
  return null;
}

function show({ run_id, timestamp, status, reason, counts, failure_reason }: Run<LiveReport>): EvaluationRun {
  return {
    evaluation_id: run_id,
    timestamp,
    status,
    reason,
    ...(counts !== undefined && { counts }),
    ...(failure_reason !== undefined && { failure_reason }),
  };
}
