import {
  DescribePipelineDefinitionForExecutionCommand,
  ListPipelineExecutionsCommand,
} from "@aws-sdk/client-sagemaker";
import { PipelineExecution, type PipelineProgress, type Session } from "@rondo/sdk";
import { CliError } from "./cli-error.ts";
import { type Invocation, requiredArgument } from "./command.ts";
import { orNoSuch } from "./no-such-resource.ts";
import { drawPipeline, readDefinedSteps } from "./pipeline-graph.ts";

/** The answer about a pipeline, or an error that says that there is none of that name. */
export function noSuchPipeline<Answer>(answer: Promise<Answer>, name: string): Promise<Answer> {
  return orNoSuch(answer, `pipeline ${name}`, "`rondo pipelines` lists them.");
}

/** The execution that `<pipeline> [execution]` names; without an id the newest. */
export async function findExecution(invocation: Invocation, session: Session): Promise<PipelineExecution> {
  const name = requiredArgument(invocation, 0);
  const { signal } = invocation;
  const newest = await noSuchPipeline(
    session.sagemaker.send(
      new ListPipelineExecutionsCommand({ PipelineName: name, SortOrder: "Descending", MaxResults: 1 }),
      { abortSignal: signal },
    ),
    name,
  );
  const arn = newest.PipelineExecutionSummaries?.[0]?.PipelineExecutionArn;
  if (arn === undefined) {
    throw new CliError("notFound", `${name} has not been started yet.`, `\`rondo pipelines start ${name}\` does it.`);
  }
  const id = invocation.arguments[1];
  const execution = new PipelineExecution(id === undefined ? arn : arn.replace(/[^/]+$/, id), session);
  await orNoSuch(
    execution.describe(signal),
    `execution ${id} of ${name}`,
    `\`rondo pipelines executions ${name}\` lists them.`,
  );
  return execution;
}

/** The definition that an execution runs, as it was when it started. */
export async function readDefinition({ arn, session }: PipelineExecution, signal: AbortSignal): Promise<string> {
  const command = new DescribePipelineDefinitionForExecutionCommand({ PipelineExecutionArn: arn });
  const { PipelineDefinition = "" } = await session.sagemaker.send(command, { abortSignal: signal });
  return PipelineDefinition;
}

/** A headline and the graph of the steps. */
export function describeProgress({ execution, steps }: PipelineProgress, definition: string): string {
  const { PipelineExecutionArn = "", PipelineExecutionStatus: status, FailureReason: reason } = execution;
  const id = PipelineExecutionArn.split("/").at(-1);
  const headline = `Execution ${id}: ${status}${reason === undefined ? "" : `, ${reason}`}`;
  return `${headline}\n${drawPipeline(readDefinedSteps(definition), steps, new Date())}`;
}
