import { paginateListPipelineExecutions } from "@aws-sdk/client-sagemaker";
import { type CliCommand, requiredArgument } from "../command.ts";
import { limitOption, printListing } from "../listing.ts";
import { noSuchPipeline } from "../pipeline-execution.ts";

/** Lists a pipeline's executions, newest first. */
export const pipelinesExecutionsCommand: CliCommand = {
  name: "pipelines executions",
  summary: "List the executions of a pipeline, newest first",
  arguments: { "<pipeline>": "name of the pipeline" },
  options: [limitOption],
  examples: ["rondo pipelines executions sentiment-pipeline"],
  async run(invocation) {
    using session = await invocation.session();
    const PipelineName = requiredArgument(invocation, 0);
    const listing = printListing(invocation, {
      pages: (pageSize) =>
        paginateListPipelineExecutions(
          { client: session.sagemaker, pageSize },
          { PipelineName, SortBy: "CreationTime", SortOrder: "Descending" },
          { abortSignal: invocation.signal },
        ),
      rowsOf: ({ PipelineExecutionSummaries }) => PipelineExecutionSummaries,
      columns: [
        { title: "EXECUTION", value: ({ PipelineExecutionArn }) => PipelineExecutionArn?.split("/").at(-1) },
        { title: "STATUS", value: ({ PipelineExecutionStatus }) => PipelineExecutionStatus },
        { title: "STARTED (UTC)", value: ({ StartTime }) => StartTime },
        { title: "NAME", value: ({ PipelineExecutionDisplayName }) => PipelineExecutionDisplayName },
      ],
      empty: `${PipelineName} has not been started yet.`,
    });
    await noSuchPipeline(listing, PipelineName);
  },
};
