import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { endExperiment, readRunningExperiment, reportExperiment, startExperiment } from "../experiments/experiment.ts";
import { answering, HttpError } from "../web/http-error.ts";

const SHARE = { type: "number", minimum: 0, maximum: 1 } as const;

const BODY = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1, maxLength: 100 },
    revenue_weight: { ...SHARE, description: "Re-ranking of the treatment; default 0" },
    diversity: { ...SHARE, description: "Re-ranking of the treatment; default 0" },
  },
} as const;

const REPORT = {
  type: "object",
  additionalProperties: true,
  description: "ExperimentReport: figures of both variants and the sequential comparison of their conversion",
} as const;

/** Experiments on how lists are re-ranked (P-42): half of the users each, a test that may be looked at any time. */
export function experimentRoutes(
  { database, clock }: ApplicationContext,
  flushExposures: () => Promise<void>,
): (scope: FastifyInstance) => void {
  const nothing = () => new HttpError(404, "NoExperiment", "No experiment runs; POST /experiments begins one.");
  return (scope) => {
    scope.post<{ Body: { name: string; revenue_weight?: number; diversity?: number } }>(
      "/experiments",
      { schema: { summary: "Begin an experiment", body: BODY, response: answering(REPORT, 201) } },
      async ({ body: { name, revenue_weight = 0, diversity = 0 } }, reply) => {
        if (revenue_weight === 0 && diversity === 0) {
          throw new HttpError(
            400,
            "InvalidRequest",
            "Both variants would be the same: set revenue_weight or diversity.",
          );
        }
        const treatment = { revenue_weight, diversity };
        const experiment = await startExperiment(database, { name, treatment, now: clock.now() });
        if (experiment === undefined) {
          throw new HttpError(409, "ExperimentRuns", "Another experiment runs; POST /experiments/current/end ends it.");
        }
        return reply.code(201).send(await reportExperiment(database, experiment));
      },
    );
    scope.get(
      "/experiments/current",
      { schema: { summary: "How the running experiment stands", response: answering(REPORT) } },
      async () => {
        await flushExposures();
        const experiment = await readRunningExperiment(database);
        if (experiment === undefined) throw nothing();
        return reportExperiment(database, experiment);
      },
    );
    scope.post(
      "/experiments/current/end",
      { schema: { summary: "End the running experiment", response: answering(REPORT) } },
      async () => {
        await flushExposures();
        const experiment = await endExperiment(database, clock.now());
        if (experiment === undefined) throw nothing();
        return reportExperiment(database, experiment);
      },
    );
  };
}
