import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { isAtWork, type PipelineResult, type Run } from "../runs/run.ts";
import { RUN_SCHEMA } from "../runs/run-schema.ts";
import type { Runner } from "../runs/runner.ts";
import { answers, ServiceError } from "../web/service-error.ts";
import { ID_PARAMETERS } from "../web/uuid-schema.ts";

const RETRAIN_BODY = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    reason: { type: "string", minLength: 1, maxLength: 256, description: "Shown with the retraining" },
    parameters: {
      type: "object",
      description: "Parameters of the pipeline: AllowOtherLabels, AccuracyThreshold, Cost …",
      maxProperties: 50,
      propertyNames: { pattern: "^[A-Za-z][A-Za-z0-9]{0,63}$" },
      additionalProperties: { type: "string", maxLength: 1024 },
    },
  },
} as const;

/** The body of `POST /retrain`. */
interface RetrainRequest {
  readonly reason?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const { run_id: RETRAINING_ID, ...OTHERS } = RUN_SCHEMA.properties;

const RETRAINING = {
  ...RUN_SCHEMA,
  description: "A retraining",
  required: ["retraining_id", "status", "timestamp", "reason"],
  properties: { retraining_id: RETRAINING_ID, ...OTHERS },
} as const;

export interface RetrainingRoutesOptions {
  readonly runner: Pick<Runner<PipelineResult>, "begin" | "find" | "latest" | "steps">;
  readonly clock: { now(): Date };
}

/** `POST /retrain` and `GET /retrain/{id}` (S-5, S-39). */
export function retrainingRoutes({ runner, clock }: RetrainingRoutesOptions): (service: FastifyInstance) => void {
  const show = ({ run_id, ...run }: Run) => ({ retraining_id: run_id, ...run, steps: runner.steps(run_id) });
  // Two requests at once begin one run.
  let beginning = Promise.resolve<unknown>(undefined);

  async function begin({ reason = "asked for", parameters }: RetrainRequest): Promise<Run> {
    const latest = await runner.latest();
    if (latest !== undefined && isAtWork(latest)) {
      const message = `The retraining ${latest.run_id} is ${latest.status}: wait for its end.`;
      throw new ServiceError(409, "RetrainingInProgress", message);
    }
    const run: Run = {
      run_id: randomUUID(),
      kind: "retraining",
      timestamp: clock.now().toISOString(),
      status: "Preparing",
      reason,
      ...(parameters !== undefined && { parameters }),
    };
    await runner.begin(run);
    return run;
  }

  return (service) => {
    service.post<{ Body: RetrainRequest | null }>(
      "/retrain",
      {
        schema: {
          summary: "Train on the historical data with the feedback, and deploy what passes the gate",
          body: RETRAIN_BODY,
          response: answers({ 202: { ...RETRAINING, description: "It runs: GET /retrain/{id} tells how far it is" } }),
        },
      },
      async (request, reply) => {
        const turn = beginning.then(() => begin(request.body ?? {}));
        beginning = turn.catch(() => undefined);
        return reply.code(202).send(show(await turn));
      },
    );
    service.get<{ Params: { id: string } }>(
      "/retrain/:id",
      {
        schema: {
          summary: "How far a retraining is, and what came out of it",
          params: ID_PARAMETERS,
          response: answers({ 200: RETRAINING }),
        },
      },
      async (request) => {
        const run = await runner.find(request.params.id);
        if (run?.kind !== "retraining") {
          throw new ServiceError(404, "UnknownRetraining", `There is no retraining ${request.params.id}.`);
        }
        return show(run);
      },
    );
  };
}
