import { paginateListTrainingJobs, TrainingJobStatus } from "@aws-sdk/client-sagemaker";
import { CliError } from "../cli-error.ts";
import { type CliCommand, textOption } from "../command.ts";
import { limitOption, printListing } from "../listing.ts";

const STATES = Object.values(TrainingJobStatus);

function readState(text: string | undefined): TrainingJobStatus | undefined {
  const state = STATES.find((each) => each === text);
  if (text !== undefined && state === undefined) {
    throw new CliError("usage", `--status is "${text}". It should be one of ${STATES.join(", ")}.`);
  }
  return state;
}

/** Lists training jobs, newest first. */
export const jobsListCommand: CliCommand = {
  name: "jobs list",
  summary: "List training jobs, newest first",
  options: [{ flags: "--status <state>", description: `only these: ${STATES.join(", ")}` }, limitOption],
  examples: ["rondo jobs", "rondo jobs list --status Failed --json"],
  async run(invocation) {
    const StatusEquals = readState(textOption(invocation, "status"));
    using session = await invocation.session();
    await printListing(invocation, {
      pages: (pageSize) =>
        paginateListTrainingJobs(
          { client: session.sagemaker, pageSize },
          { StatusEquals, SortBy: "CreationTime", SortOrder: "Descending" },
          { abortSignal: invocation.signal },
        ),
      rowsOf: ({ TrainingJobSummaries }) => TrainingJobSummaries,
      columns: [
        { title: "NAME", value: ({ TrainingJobName }) => TrainingJobName },
        { title: "STATUS", value: ({ TrainingJobStatus }) => TrainingJobStatus },
        { title: "CREATED (UTC)", value: ({ CreationTime }) => CreationTime },
        {
          title: "SECONDS",
          align: "right",
          value: ({ CreationTime: start, TrainingEndTime: end }) =>
            start && end ? Math.round((end.getTime() - start.getTime()) / 1000) : undefined,
        },
      ],
      empty: "There are no training jobs.",
    });
  },
};
