import { ProcessingJobStatus } from "@aws-sdk/client-sagemaker";
import { CliError } from "../cli-error.ts";
import { type CliCommand, textOption } from "../command.ts";
import { jobTypeOption, readJobTypes } from "../find-job.ts";
import { factsOf, type JobSummary, listJobs } from "../list-jobs.ts";
import { limitOption, printListing } from "../listing.ts";

const STATES = Object.values(ProcessingJobStatus);

function readState(text: string | undefined): ProcessingJobStatus | undefined {
  const state = STATES.find((each) => each === text);
  if (text !== undefined && state === undefined) {
    throw new CliError("usage", `--status is "${text}". It should be one of ${STATES.join(", ")}.`);
  }
  return state;
}

/** Lists training and processing jobs, newest first. */
export const jobsListCommand: CliCommand = {
  name: "jobs list",
  summary: "List training and processing jobs, newest first",
  options: [{ flags: "--status <state>", description: `only these: ${STATES.join(", ")}` }, jobTypeOption, limitOption],
  examples: ["rondo jobs", "rondo jobs list --type processing --status Failed --json"],
  async run(invocation) {
    const status = readState(textOption(invocation, "status"));
    const types = readJobTypes(invocation);
    using session = await invocation.session();
    await printListing<JobSummary, JobSummary>(invocation, {
      pages: (pageSize) => listJobs(session, { types, status, pageSize, signal: invocation.signal }),
      rowsOf: (job) => [job],
      columns: [
        { title: "NAME", value: (job) => factsOf(job).name },
        { title: "STATUS", value: (job) => factsOf(job).status },
        { title: "CREATED (UTC)", value: (job) => factsOf(job).created },
        { title: "SECONDS", align: "right", value: (job) => secondsOf(job) },
        { title: "TYPE", value: (job) => factsOf(job).type },
      ],
      empty: "There are no jobs.",
    });
  },
};

function secondsOf(job: JobSummary): number | undefined {
  const { created, ended } = factsOf(job);
  return created && ended && Math.round((ended.getTime() - created.getTime()) / 1000);
}
