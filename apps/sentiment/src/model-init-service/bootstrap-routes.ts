import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { RunStep } from "../runs/carry-out-run.ts";
import { isFinished, type Run } from "../runs/run.ts";
import { RUN_SCHEMA } from "../runs/run-schema.ts";
import { answers } from "../web/service-error.ts";

/** The answer of `POST /bootstrap` and `GET /bootstrap`. */
export interface BootstrapStatus {
  /** `InService`: predictions are answered. `Bootstrapping`: the run says how far it is. `Failed`: the run says why. `Absent`: nobody asked. */
  readonly status: "InService" | "Bootstrapping" | "Failed" | "Absent";
  readonly endpoint_name: string;
  /** Name of the model that answers predictions. */
  readonly model_version: string | null;
  /** The latest bootstrap; null when the endpoint came about in another way. */
  readonly run: (Run & { readonly steps: readonly RunStep[] }) | null;
}

const STATUS = {
  description: "How far the first model is",
  type: "object",
  required: ["status", "endpoint_name", "model_version", "run"],
  properties: {
    status: { type: "string", enum: ["InService", "Bootstrapping", "Failed", "Absent"] },
    endpoint_name: { type: "string" },
    model_version: { type: ["string", "null"] },
    run: { ...RUN_SCHEMA, type: ["object", "null"] },
  },
} as const;

const NO_BODY = { type: ["object", "null"], additionalProperties: false, properties: {} } as const;

export interface BootstrapRoutesOptions {
  readonly endpointName: string;
  readonly clock: { now(): Date };
  /** The model behind the endpoint; undefined while none answers. */
  activeModel(): Promise<string | undefined>;
  createInfrastructure(): Promise<unknown>;
  latest(): Promise<Run | undefined>;
  steps(runId: string): readonly RunStep[];
  begin(run: Run): Promise<void>;
}

/** `POST /bootstrap` and `GET /bootstrap` (S-7, S-30). */
export function bootstrapRoutes(options: BootstrapRoutesOptions): (service: FastifyInstance) => void {
  const { endpointName, clock, createInfrastructure, begin } = options;
  // Two requests at once begin one run.
  let beginning = Promise.resolve<unknown>(undefined);

  async function readStatus(): Promise<BootstrapStatus> {
    const [model, run] = await Promise.all([options.activeModel(), options.latest()]);
    const isUnfinished = run !== undefined && !isFinished(run);
    return {
      // A run is over when its verdict is stored and told, a little after the endpoint answers.
      status: isUnfinished
        ? "Bootstrapping"
        : model !== undefined
          ? "InService"
          : run?.status === "Failed"
            ? "Failed"
            : "Absent",
      endpoint_name: endpointName,
      model_version: model ?? null,
      run: run === undefined ? null : { ...run, steps: options.steps(run.run_id) },
    };
  }

  async function bootstrap(): Promise<BootstrapStatus> {
    await createInfrastructure();
    const status = await readStatus();
    if (status.status === "InService" || status.status === "Bootstrapping") return status;
    await begin({
      run_id: randomUUID(),
      kind: "bootstrap",
      timestamp: clock.now().toISOString(),
      status: "Preparing",
      reason: "first model",
    });
    return readStatus();
  }

  return (service) => {
    service.post(
      "/bootstrap",
      {
        schema: {
          summary: "Train and deploy the first model, unless the endpoint answers already",
          body: NO_BODY,
          response: answers({
            200: { ...STATUS, description: "The endpoint answers" },
            202: { ...STATUS, description: "It runs: GET /bootstrap tells how far it is" },
          }),
        },
      },
      async (_request, reply) => {
        const turn = beginning.then(bootstrap);
        beginning = turn.catch(() => undefined);
        const status = await turn;
        return reply.code(status.status === "InService" ? 200 : 202).send(status);
      },
    );
    service.get(
      "/bootstrap",
      { schema: { summary: "How far the first model is", response: answers({ 200: STATUS }) } },
      readStatus,
    );
  };
}
