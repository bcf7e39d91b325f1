import { type CliCommand, requiredArgument } from "../command.ts";
import { findJob, jobTypeOption } from "../find-job.ts";

/** Asks a job to stop. */
export const jobsStopCommand: CliCommand = {
  name: "jobs stop",
  summary: "Ask a job to stop; what a training job has saved by then is kept",
  arguments: { "<job>": "name of the training or processing job" },
  options: [jobTypeOption],
  examples: ["rondo jobs stop sentiment-1a2b3c4d"],
  async run(invocation) {
    using session = await invocation.session();
    const { type, job } = await findJob(requiredArgument(invocation, 0), session, invocation);
    await job.stop(invocation.signal);
    const result = type === "training" ? { TrainingJobName: job.name } : { ProcessingJobName: job.name };
    invocation.output.result(result, `${job.name} was asked to stop.`);
  },
};
