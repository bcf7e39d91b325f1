import {
  ListProcessingJobsCommand,
  ListTrainingJobsCommand,
  type PipelineExecutionStep,
} from "@aws-sdk/client-sagemaker";
import { ProcessingJob, type Session, TrainingJob } from "@rondo/sdk";

/** SageMaker writes the names of jobs in ARNs in lower case, and pipelines put the execution's id into the name. */
function executionIdOf(arn: string): string {
  return /\/pipelines-([a-z0-9]+)-/.exec(arn)?.[1] ?? "";
}

/** The processing job that a step started; undefined when it started none. */
export async function processingJobOf(
  session: Session,
  step: PipelineExecutionStep,
): Promise<ProcessingJob | undefined> {
  const arn = step.Metadata?.ProcessingJob?.Arn;
  if (arn === undefined) return undefined;
  const command = new ListProcessingJobsCommand({ NameContains: executionIdOf(arn), MaxResults: 100 });
  const { ProcessingJobSummaries: jobs = [] } = await session.sagemaker.send(command);
  const name = jobs.find(({ ProcessingJobArn }) => ProcessingJobArn === arn)?.ProcessingJobName;
  return name === undefined ? undefined : new ProcessingJob(name, session);
}

/** The training job that a step started; undefined when it started none. */
export async function trainingJobOf(session: Session, step: PipelineExecutionStep): Promise<TrainingJob | undefined> {
  const arn = step.Metadata?.TrainingJob?.Arn;
  if (arn === undefined) return undefined;
  const command = new ListTrainingJobsCommand({ NameContains: executionIdOf(arn), MaxResults: 100 });
  const { TrainingJobSummaries: jobs = [] } = await session.sagemaker.send(command);
  const name = jobs.find(({ TrainingJobArn }) => TrainingJobArn === arn)?.TrainingJobName;
  return name === undefined ? undefined : new TrainingJob(name, session);
}
