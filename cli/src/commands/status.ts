import { paginateListEndpoints, paginateListTrainingJobs } from "@aws-sdk/client-sagemaker";
import type { CliCommand } from "../command.ts";
import { readHealth } from "../server-health.ts";

async function count<Page>(pages: AsyncIterable<Page>, rowsOf: (page: Page) => readonly unknown[] | undefined) {
  let rows = 0;
  for await (const page of pages) rows += rowsOf(page)?.length ?? 0;
  return rows;
}

/** Says whether the server answers and what it is doing. */
export const statusCommand: CliCommand = {
  name: "status",
  summary: "Say whether the server answers and what it is doing",
  examples: ["rondo status", "rondo status --json | jq .trainingJobsInProgress"],
  async run({ endpointUrl, session, output, signal }) {
    const health = await readHealth(endpointUrl, signal);
    using client = await session();
    const pagination = { client: client.sagemaker, pageSize: 100 };
    const jobs = paginateListTrainingJobs(pagination, { StatusEquals: "InProgress" }, { abortSignal: signal });
    const endpoints = paginateListEndpoints(pagination, { StatusEquals: "InService" }, { abortSignal: signal });
    const status = {
      url: endpointUrl,
      health,
      trainingJobsInProgress: await count(jobs, ({ TrainingJobSummaries }) => TrainingJobSummaries),
      endpointsInService: await count(endpoints, ({ Endpoints }) => Endpoints),
    };
    output.result(
      status,
      [
        `Rondo answers at ${endpointUrl}.`,
        `Training jobs in progress: ${status.trainingJobsInProgress}`,
        `Endpoints in service: ${status.endpointsInService}`,
      ].join("\n"),
    );
  },
};
