import { TrainingJob } from "@rondo/sdk";
import { type CliCommand, requiredArgument } from "../command.ts";
import { orNoSuchJob } from "../no-such-job.ts";
import { formatTime } from "../table.ts";

/** Describes one training job. */
export const jobsDescribeCommand: CliCommand = {
  name: "jobs describe",
  summary: "Describe a training job: status, reason, times, metrics, artifact",
  arguments: { "<job>": "name of the training job" },
  examples: [
    "rondo jobs describe sentiment-1a2b3c4d",
    "rondo jobs describe sentiment-1a2b3c4d --json | jq .HyperParameters",
  ],
  async run(invocation) {
    using session = await invocation.session();
    const name = requiredArgument(invocation, 0);
    const job = await orNoSuchJob(new TrainingJob(name, session).describe(invocation.signal), name);
    const facts: readonly (readonly [string, string | undefined])[] = [
      ["Name", job.TrainingJobName],
      ["Status", `${job.TrainingJobStatus} (${job.SecondaryStatus})`],
      ["Reason", job.FailureReason],
      ["Image", job.AlgorithmSpecification?.TrainingImage],
      ["Created", job.CreationTime && `${formatTime(job.CreationTime)} UTC`],
      ["Ended", job.TrainingEndTime && `${formatTime(job.TrainingEndTime)} UTC`],
      ["Artifact", job.ModelArtifacts?.S3ModelArtifacts],
      ...Object.entries(job.HyperParameters ?? {}).map(([name, value]) => [`  ${name}`, value] as const),
      ...(job.FinalMetricDataList ?? []).map(({ MetricName, Value }) => [MetricName ?? "", String(Value)] as const),
    ];
    const known = facts.filter(([, value]) => value !== undefined && value !== "");
    const width = Math.max(...known.map(([name]) => name.length));
    // The clients put the HTTP exchange beside the answer.
    const description = { ...job, $metadata: undefined };
    invocation.output.result(description, known.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n"));
  },
};
