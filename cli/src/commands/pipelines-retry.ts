import type { CliCommand } from "../command.ts";
import { findExecution } from "../pipeline-execution.ts";

/** Lets an execution go on from the steps that failed. */
export const pipelinesRetryCommand: CliCommand = {
  name: "pipelines retry",
  summary: "Go on with an execution that failed or was stopped; steps that succeeded are not repeated",
  arguments: { "<pipeline>": "name of the pipeline", "[execution]": "id of the execution; default: the newest" },
  examples: ["rondo pipelines retry sentiment-pipeline"],
  async run(invocation) {
    using session = await invocation.session();
    const execution = await findExecution(invocation, session);
    await execution.retry(invocation.signal);
    invocation.output.result({ PipelineExecutionArn: execution.arn }, `${execution.arn} goes on.`);
  },
};
