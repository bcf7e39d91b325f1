import { pipelineParts } from "../runs/pipeline-parts.ts";
import { runTable } from "../runs/run.ts";
import { createRunner } from "../runs/runner.ts";
import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { mergeTrainingData } from "./merge-training-data.ts";
import { retrainingRoutes } from "./retraining-routes.ts";

/** Turns feedback into the next model, if that is better (S-5, S-39). */
export const retrainingService: ServiceDefinition = {
  name: "retraining-service",
  summary: "Merges feedback with the historical data and runs the pipeline on it.",
  port: 8004,
  async open(context): Promise<OpenService> {
    const { clock } = context;
    const table = runTable(context);
    const runner = createRunner(context, "retraining", {
      ...pipelineParts(context),
      async prepare(run, signal) {
        const { data, counts } = await mergeTrainingData(context, run, signal);
        return { data, counts: { ...counts } };
      },
    });
    runner.resume();
    return {
      dependencies: [
        { name: `dynamodb table ${table.name}`, isRequired: true, check: (signal) => table.check(signal) },
      ],
      routes: retrainingRoutes({ runner, clock }),
      close: () => runner.close(),
    };
  },
};
