import { ListEndpointsCommand, ListTrainingJobsCommand } from "@aws-sdk/client-sagemaker";
import type { CliCommand } from "../command.ts";
import { readHealth } from "../server-health.ts";

/** More than this many are shown as "100+". */
const PAGE = 100;

function count(page: readonly unknown[] | undefined, nextToken: string | undefined): string {
  return `${page?.length ?? 0}${nextToken === undefined ? "" : "+"}`;
}

/** Says whether the server answers and what it is doing. */
export const statusCommand: CliCommand = {
  name: "status",
  summary: "Say whether the server answers and what it is doing",
  examples: ["rondo status", "rondo status --json | jq .trainingJobsInProgress"],
  async run({ endpointUrl, session, output, signal }) {
    const health = await readHealth(endpointUrl, signal);
    using client = await session();
    const [jobs, endpoints] = await Promise.all([
      client.sagemaker.send(new ListTrainingJobsCommand({ StatusEquals: "InProgress", MaxResults: PAGE }), {
        abortSignal: signal,
      }),
      client.sagemaker.send(new ListEndpointsCommand({ StatusEquals: "InService", MaxResults: PAGE }), {
        abortSignal: signal,
      }),
    ]);
    const status = {
      url: endpointUrl,
      health,
      trainingJobsInProgress: count(jobs.TrainingJobSummaries, jobs.NextToken),
      endpointsInService: count(endpoints.Endpoints, endpoints.NextToken),
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
