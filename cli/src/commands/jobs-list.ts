import { paginateListTrainingJobs, TrainingJobStatus } from "@aws-sdk/client-sagemaker";
import { CliError } from "../cli-error.ts";
import { type CliCommand, textOption } from "../command.ts";
import { readLimit, takeRows } from "../limit.ts";

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
  options: [
    { flags: "--status <state>", description: `only these: ${STATES.join(", ")}` },
    { flags: "--limit <number>", description: "at most so many", default: "20" },
  ],
  examples: ["rondo jobs", "rondo jobs list --status Failed --json"],
  async run(invocation) {
    const StatusEquals = readState(textOption(invocation, "status"));
    const limit = readLimit(textOption(invocation, "limit") ?? "20");
    using session = await invocation.session();
    const pages = paginateListTrainingJobs(
      { client: session.sagemaker, pageSize: Math.min(limit, 100) },
      { StatusEquals, SortBy: "CreationTime", SortOrder: "Descending" },
      { abortSignal: invocation.signal },
    );
    const jobs = await takeRows(pages, ({ TrainingJobSummaries }) => TrainingJobSummaries, limit);
    invocation.output.rows(
      jobs,
      [
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
      "There are no training jobs.",
    );
  },
};
