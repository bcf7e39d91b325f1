import { join } from "node:path";
import { createRunner } from "../runs/runner.ts";
import { createAnswerCache } from "../storage/answer-cache.ts";
import { latestRows } from "../storage/read-rows.ts";
import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { evaluationRoutes, type LatestEvaluation } from "./evaluation-routes.ts";
import { evaluationTable } from "./evaluation-row.ts";
import { scheduleEvaluations } from "./evaluation-schedule.ts";
import { liveEvaluationParts } from "./live-evaluation.ts";

/** Judges the model in service on recent feedback and shows the gate's verdicts (S-4, S-37). */
export const evaluationService: ServiceDefinition = {
  name: "evaluation-service",
  summary: "Judges the model in service on recent feedback, and shows the gate's verdict on the latest candidate.",
  port: 8003,
  async open(context): Promise<OpenService> {
    const { clock, dynamodb, names, settings } = context;
    const table = evaluationTable(context);
    const runner = createRunner(context, "evaluation", liveEvaluationParts(context));
    runner.resume();
    const schedule = scheduleEvaluations(context, runner);
    const cachePath = join(settings.fallbackDirectory, "evaluations.json");
    return {
      dependencies: [
        { name: `dynamodb table ${table.name}`, isRequired: false, check: (signal) => table.check(signal) },
      ],
      facts: {
        schema: {
          evaluation_interval_hours: { type: "number", description: "Hours between scheduled evaluations; 0: none" },
        },
        read: () => ({ evaluation_interval_hours: settings.evaluationIntervalHours }),
      },
      routes: evaluationRoutes({
        runner,
        evaluations: (kind, signal) => latestRows(dynamodb, { tableName: names.tables.evaluations, kind, signal }),
        cache: createAnswerCache<{ readonly latest: LatestEvaluation }>(cachePath, context),
        clock,
      }),
      async close() {
        schedule[Symbol.dispose]();
        await runner.close();
      },
    };
  },
};
