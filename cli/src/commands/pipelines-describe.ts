import type { CliCommand } from "../command.ts";
import { describeProgress, findExecution, readDefinition } from "../pipeline-execution.ts";

/** Draws an execution of a pipeline. */
export const pipelinesDescribeCommand: CliCommand = {
  name: "pipelines describe",
  summary: "Draw an execution of a pipeline: its steps with states, times and reasons",
  arguments: { "<pipeline>": "name of the pipeline", "[execution]": "id of the execution; default: the newest" },
  examples: ["rondo pipelines describe sentiment-pipeline", "rondo pipelines describe sentiment-pipeline 3fk29dl1mx0q"],
  async run(invocation) {
    const { signal, output } = invocation;
    using session = await invocation.session();
    const found = await findExecution(invocation, session);
    const [execution, steps, definition] = await Promise.all([
      found.describe(signal),
      found.steps(signal),
      readDefinition(found, signal),
    ]);
    // The clients put the HTTP exchange beside the answer.
    const description = { ...execution, $metadata: undefined, PipelineExecutionSteps: steps };
    output.result(description, describeProgress({ execution, steps }, definition));
  },
};
