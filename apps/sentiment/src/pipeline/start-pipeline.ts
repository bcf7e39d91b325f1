import { Pipeline } from "@rondo/sdk";
import { type PipelineContext, pipelineName } from "./pipeline-context.ts";

export interface PipelineStart {
  /** S3 URI of the CSV file to train on, or of a prefix with several. */
  readonly dataUri: string;
  /** Other parameters of the pipeline by their names: `Cost`, `AccuracyThreshold` … */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Starting twice with the same token starts once. 32 to 128 letters, digits and hyphens. */
  readonly clientRequestToken?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Starts an execution of the prepared pipeline and returns its ARN. */
export async function startPipeline(context: PipelineContext, start: PipelineStart): Promise<string> {
  const { dataUri, parameters, clientRequestToken, signal } = start;
  const pipeline = new Pipeline({ name: pipelineName(context), session: context.session });
  const execution = await pipeline.start({
    parameters: { InputData: dataUri, ...parameters },
    ...(clientRequestToken !== undefined && { clientRequestToken }),
    ...(signal !== undefined && { signal }),
  });
  return execution.arn;
}
