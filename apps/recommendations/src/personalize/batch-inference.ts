import {
  CreateBatchInferenceJobCommand,
  DescribeBatchInferenceJobCommand,
  paginateListBatchInferenceJobs,
} from "@aws-sdk/client-personalize";
import type { ScoredItem } from "../answers/display-score.ts";
import type { ApplicationContext } from "../application-context.ts";
import { deleteFolder, putText, readLines } from "./data-bucket.ts";
import { findOrCreate } from "./find-or-create.ts";
import { isReady } from "./resource-state.ts";

/** A line of a batch inference job's input, by recipe. */
export type BatchInput =
  | { readonly userId: string; readonly itemList?: readonly string[] }
  | { readonly itemId: string };

/** What a job answers to a line. */
export interface BatchOutput {
  readonly input: { readonly userId?: string; readonly itemId?: string };
  readonly items: readonly ScoredItem[];
}

type BatchContext = Pick<ApplicationContext, "personalize" | "s3" | "settings">;

export interface BatchJob {
  /** Unique to the run: names the job and its folder. */
  readonly name: string;
  readonly solutionVersionArn: string;
  readonly roleArn: string;
  readonly numResults: number;
}

/** Lines of one input object. */
const LINES_PER_OBJECT = 50_000;

/** Writes the input, page by page, and starts the job; returns its ARN. */
export async function startBatch(
  context: BatchContext,
  job: BatchJob,
  pages: AsyncIterable<readonly BatchInput[]>,
): Promise<string> {
  const folder = `batch/${job.name}`;
  let waiting: string[] = [];
  let part = 0;
  const write = async (): Promise<void> => {
    const name = `${folder}/input/${String(part++).padStart(6, "0")}.json`;
    await putText(context, name, `${waiting.join("\n")}\n`);
    waiting = [];
  };
  for await (const page of pages) {
    for (const line of page) waiting.push(JSON.stringify(line));
    if (waiting.length >= LINES_PER_OBJECT) await write();
  }
  if (waiting.length > 0) await write();
  if (part === 0) throw new NothingToComputeError(job.name);
  const { personalize, settings } = context;
  return findOrCreate({
    pages: paginateListBatchInferenceJobs({ client: personalize }, { solutionVersionArn: job.solutionVersionArn }),
    items: (page) => page.batchInferenceJobs,
    isMeant: (each) => each.jobName === job.name,
    arn: (each) => each.batchInferenceJobArn,
    create: async () =>
      (
        await personalize.send(
          new CreateBatchInferenceJobCommand({
            jobName: job.name,
            solutionVersionArn: job.solutionVersionArn,
            roleArn: job.roleArn,
            numResults: job.numResults,
            jobInput: { s3DataSource: { path: `s3://${settings.bucket}/${folder}/input/` } },
            jobOutput: { s3DataDestination: { path: `s3://${settings.bucket}/${folder}/output/` } },
          }),
        )
      ).batchInferenceJobArn,
  });
}

/** There is nobody to compute anything for. */
export class NothingToComputeError extends Error {
  override readonly name = "NothingToComputeError";

  constructor(job: string) {
    super(`The batch job ${job} would have no input: there are no active customers or products yet.`);
  }
}

/** Deletes what the job has read and written. */
export function deleteBatch(context: BatchContext, name: string): Promise<void> {
  return deleteFolder(context, `batch/${name}/`);
}

/** Whether the job is done. Throws with Personalize's reason when it has failed. */
export async function isBatchDone({ personalize }: BatchContext, batchInferenceJobArn: string): Promise<boolean> {
  const { batchInferenceJob = {} } = await personalize.send(
    new DescribeBatchInferenceJobCommand({ batchInferenceJobArn }),
  );
  return isReady(`The batch job ${batchInferenceJob.jobName}`, batchInferenceJob);
}

/** The job's answers; a line that Personalize could not answer is left out. */
export async function* readBatch(context: BatchContext, name: string): AsyncGenerator<BatchOutput> {
  for await (const line of readLines(context, { prefix: `batch/${name}/output/`, ending: ".out" })) {
    const { input, output } = JSON.parse(line) as {
      readonly input: BatchOutput["input"];
      readonly output: { readonly recommendedItems?: readonly string[]; readonly scores?: readonly number[] } | null;
    };
    if (output?.recommendedItems === undefined) continue;
    const { scores } = output;
    yield { input, items: output.recommendedItems.map((itemId, place) => ({ itemId, score: scores?.[place] })) };
  }
}
