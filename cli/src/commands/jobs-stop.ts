import { TrainingJob } from "@rondo/sdk";
import { type CliCommand, requiredArgument } from "../command.ts";
import { orNoSuchJob } from "../no-such-job.ts";

/** Asks a training job to stop. */
export const jobsStopCommand: CliCommand = {
  name: "jobs stop",
  summary: "Ask a training job to stop; what it has saved by then is kept",
  arguments: { "<job>": "name of the training job" },
  examples: ["rondo jobs stop sentiment-1a2b3c4d"],
  async run(invocation) {
    using session = await invocation.session();
    const job = new TrainingJob(requiredArgument(invocation, 0), session);
    await orNoSuchJob(job.stop(invocation.signal), job.name);
    invocation.output.result({ TrainingJobName: job.name }, `${job.name} was asked to stop.`);
  },
};
