import { paginateListPipelines } from "@aws-sdk/client-sagemaker";
import type { CliCommand } from "../command.ts";
import { limitOption, printListing } from "../listing.ts";

/** Lists pipelines, newest first. */
export const pipelinesListCommand: CliCommand = {
  name: "pipelines list",
  summary: "List pipelines, newest first",
  options: [limitOption],
  examples: ["rondo pipelines", "rondo pipelines list --json | jq -r '.[].PipelineName'"],
  async run(invocation) {
    using session = await invocation.session();
    await printListing(invocation, {
      pages: (pageSize) =>
        paginateListPipelines(
          { client: session.sagemaker, pageSize },
          { SortBy: "CreationTime", SortOrder: "Descending" },
          { abortSignal: invocation.signal },
        ),
      rowsOf: ({ PipelineSummaries }) => PipelineSummaries,
      columns: [
        { title: "NAME", value: ({ PipelineName }) => PipelineName },
        { title: "CREATED (UTC)", value: ({ CreationTime }) => CreationTime },
        { title: "LAST STARTED (UTC)", value: ({ LastExecutionTime }) => LastExecutionTime },
      ],
      empty: "There are no pipelines.",
    });
  },
};
