import type { DescribeProcessingJobResponse, DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import { type CliCommand, requiredArgument } from "../command.ts";
import { findJob, jobTypeOption } from "../find-job.ts";
import { formatFacts } from "../table.ts";

type Fact = readonly [name: string, value: string | Date | undefined];

/** Describes one job. */
export const jobsDescribeCommand: CliCommand = {
  name: "jobs describe",
  summary: "Describe a job: status, reason, times, what it read and what it made",
  arguments: { "<job>": "name of the training or processing job" },
  options: [jobTypeOption],
  examples: [
    "rondo jobs describe sentiment-1a2b3c4d",
    "rondo jobs describe sentiment-1a2b3c4d --json | jq .HyperParameters",
  ],
  async run(invocation) {
    using session = await invocation.session();
    const { type, description } = await findJob(requiredArgument(invocation, 0), session, invocation);
    const facts = type === "training" ? trainingFacts(description) : processingFacts(description);
    // The clients put the HTTP exchange beside the answer.
    invocation.output.result({ ...description, $metadata: undefined }, formatFacts(facts));
  },
};

function trainingFacts(job: DescribeTrainingJobResponse): Fact[] {
  return [
    ["Name", job.TrainingJobName],
    ["Status", `${job.TrainingJobStatus} (${job.SecondaryStatus})`],
    ["Reason", job.FailureReason],
    ["Image", job.AlgorithmSpecification?.TrainingImage],
    ["Created", job.CreationTime],
    ["Ended", job.TrainingEndTime],
    ["Artifact", job.ModelArtifacts?.S3ModelArtifacts],
    ...Object.entries(job.HyperParameters ?? {}).map(([name, value]) => [`  ${name}`, value] as const),
    ...(job.FinalMetricDataList ?? []).map(({ MetricName, Value }) => [MetricName ?? "", String(Value)] as const),
  ];
}

function processingFacts(job: DescribeProcessingJobResponse): Fact[] {
  const { ContainerEntrypoint = [], ContainerArguments = [], ImageUri } = job.AppSpecification ?? {};
  return [
    ["Name", job.ProcessingJobName],
    ["Status", job.ProcessingJobStatus],
    ["Reason", job.FailureReason],
    ["Message", job.ExitMessage],
    ["Image", ImageUri],
    ["Command", [...ContainerEntrypoint, ...ContainerArguments].join(" ")],
    ["Created", job.CreationTime],
    ["Ended", job.ProcessingEndTime],
    ...(job.ProcessingInputs ?? []).map((each) => [`  input ${each.InputName}`, each.S3Input?.S3Uri] as const),
    ...(job.ProcessingOutputConfig?.Outputs ?? []).map(
      (each) => [`  output ${each.OutputName}`, each.S3Output?.S3Uri] as const,
    ),
  ];
}
