import { Pipeline, type PipelineExecution } from "@rondo/sdk";
import { CliError } from "../cli-error.ts";
import { type CliCommand, type Invocation, requiredArgument } from "../command.ts";
import { describeProgress, noSuchPipeline, readDefinition } from "../pipeline-execution.ts";

function readParameters(given: readonly (string | undefined)[]): Record<string, string> {
  const pairs = given.map((text = "") => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value] as const;
    throw new CliError("usage", `"${text}" is no parameter.`, "Write parameters as name=value.");
  });
  return Object.fromEntries(pairs);
}

async function waitAndDraw({ output, signal }: Invocation, execution: PipelineExecution): Promise<void> {
  const definition = await readDefinition(execution, signal);
  let drawn = "";
  const progress = await execution.wait({
    signal,
    onProgress: ({ steps }) => {
      const now = steps.map(({ StepName, StepStatus }) => `${StepName} ${StepStatus}`).join(", ");
      if (output.isTerminal && now !== drawn) output.write(`${now}\n`);
      drawn = now;
    },
  });
  output.result({ PipelineExecutionArn: execution.arn, ...progress }, describeProgress(progress, definition));
}

/** Starts a pipeline. */
export const pipelinesStartCommand: CliCommand = {
  name: "pipelines start",
  summary: "Start a pipeline",
  arguments: {
    "<pipeline>": "name of the pipeline",
    "[parameters...]": "name=value; what is left out has its default",
  },
  options: [{ flags: "-w, --wait", description: "wait until it has ended; a failed one is an error" }],
  examples: ["rondo pipelines start sentiment-pipeline --wait", "rondo pipelines start reviews Epochs=10"],
  async run(invocation) {
    const { options, output, signal } = invocation;
    using session = await invocation.session();
    const pipeline = new Pipeline({ name: requiredArgument(invocation, 0), session });
    const parameters = readParameters(invocation.arguments.slice(1));
    const execution = await noSuchPipeline(pipeline.start({ parameters, signal }), pipeline.name);
    if (options["wait"] === true) return await waitAndDraw(invocation, execution);
    const text = `Execution ${execution.id} has started; see \`rondo pipelines describe ${pipeline.name}\`.`;
    output.result({ PipelineExecutionArn: execution.arn }, text);
  },
};
