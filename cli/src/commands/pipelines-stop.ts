import type { CliCommand } from "../command.ts";
import { findExecution } from "../pipeline-execution.ts";

/** Asks an execution to stop. */
export const pipelinesStopCommand: CliCommand = {
  name: "pipelines stop",
  summary: "Ask an execution of a pipeline to stop; jobs of its steps are stopped",
  arguments: { "<pipeline>": "name of the pipeline", "[execution]": "id of the execution; default: the newest" },
  examples: ["rondo pipelines stop sentiment-pipeline"],
  async run(invocation) {
    using session = await invocation.session();
    const execution = await findExecution(invocation, session);
    await execution.stop(invocation.signal);
    invocation.output.result({ PipelineExecutionArn: execution.arn }, `${execution.arn} was asked to stop.`);
  },
};
