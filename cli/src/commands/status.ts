import {
  paginateListEndpoints,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  paginateSearch,
  type SearchCommandInput,
} from "@aws-sdk/client-sagemaker";
import type { CliCommand } from "../command.ts";
import { readHealth } from "../server-health.ts";

async function count<Page>(pages: AsyncIterable<Page>, rowsOf: (page: Page) => readonly unknown[] | undefined) {
  let rows = 0;
  for await (const page of pages) rows += rowsOf(page)?.length ?? 0;
  return rows;
}

/** AWS lists executions one pipeline at a time and without their status; Search knows all of them. */
const EXECUTING: SearchCommandInput = {
  Resource: "PipelineExecution",
  SearchExpression: { Filters: [{ Name: "PipelineExecutionStatus", Operator: "Equals", Value: "Executing" }] },
};

/** Says whether the server answers and what it is doing. */
export const statusCommand: CliCommand = {
  name: "status",
  summary: "Say whether the server answers and what it is doing",
  examples: ["rondo status", "rondo status --json | jq .trainingJobsInProgress"],
  async run({ endpointUrl, session, output, signal }) {
    const health = await readHealth(endpointUrl, signal);
    using client = await session();
    const pagination = { client: client.sagemaker, pageSize: 100 };
    const options = { abortSignal: signal };
    const running = { StatusEquals: "InProgress" } as const;
    const training = paginateListTrainingJobs(pagination, running, options);
    const processing = paginateListProcessingJobs(pagination, running, options);
    const executions = paginateSearch(pagination, EXECUTING, options);
    const endpoints = paginateListEndpoints(pagination, { StatusEquals: "InService" }, options);
    const status = {
      url: endpointUrl,
      health,
      trainingJobsInProgress: await count(training, ({ TrainingJobSummaries }) => TrainingJobSummaries),
      processingJobsInProgress: await count(processing, ({ ProcessingJobSummaries }) => ProcessingJobSummaries),
      pipelineExecutionsExecuting: await count(executions, ({ Results }) => Results),
      endpointsInService: await count(endpoints, ({ Endpoints }) => Endpoints),
    };
    output.result(
      status,
      [
        `Rondo answers at ${endpointUrl}.`,
        `Training jobs in progress: ${status.trainingJobsInProgress}`,
        `Processing jobs in progress: ${status.processingJobsInProgress}`,
        `Pipeline executions that run: ${status.pipelineExecutionsExecuting}`,
        `Endpoints in service: ${status.endpointsInService}`,
      ].join("\n"),
    );
  },
};
