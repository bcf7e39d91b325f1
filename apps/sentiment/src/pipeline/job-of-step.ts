import type { PipelineExecutionStep } from "@aws-sdk/client-sagemaker";
import { ProcessingJob, type Session, TrainingJob } from "@rondo/sdk";

/** The name in an ARN is in lower case; SageMaker finds a job by it all the same. */
function nameIn(arn: string | undefined): string | undefined {
  return arn?.split("/").at(-1);
}

/** The processing job that a step started; undefined when it started none. */
export function processingJobOf(session: Session, step: PipelineExecutionStep): ProcessingJob | undefined {
  const name = nameIn(step.Metadata?.ProcessingJob?.Arn);
  return name === undefined ? undefined : new ProcessingJob(name, session);
}

/** The training job that a step started; undefined when it started none. */
export async function trainingJobOf(session: Session, step: PipelineExecutionStep): Promise<TrainingJob | undefined> {
  const name = nameIn(step.Metadata?.TrainingJob?.Arn);
  if (name === undefined) return undefined;
  // Its log streams begin with the name as it was given.
  const { TrainingJobName: given = name } = await new TrainingJob(name, session).describe();
  return new TrainingJob(given, session);
}
