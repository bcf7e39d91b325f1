import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ApplicationContext } from "../application-context.ts";
import type { Opinion } from "../data/opinion.ts";
import { formatOpinions, readOpinions } from "../data/opinion-csv.ts";
import type { Feedback } from "../feedback-service/feedback.ts";
import { trainingDataUri } from "../pipeline/prepare-pipeline.ts";
import { uploadHoldOut } from "../pipeline/upload-hold-out.ts";
import type { Run } from "../runs/run.ts";
import { scanSince } from "../storage/read-rows.ts";
import { type MergeCounts, mergeFeedback } from "./merge-feedback.ts";

const ROWS_AT_ONCE = 1_000;

/** Merges the feedback with the historical data in S3 and puts the result to S3, under the run's own name; returns where. */
export async function mergeTrainingData(
  context: ApplicationContext,
  { run_id, parameters }: Pick<Run, "run_id" | "parameters">,
  signal: AbortSignal,
): Promise<{ readonly data: string; readonly counts: MergeCounts }> {
  const { dynamodb, names, session } = context;
  const folder = await mkdtemp(join(tmpdir(), "retraining-"));
  try {
    const [historical] = await session.downloadData(trainingDataUri(context), folder, { signal });
    if (historical === undefined)
      throw new Error(`There is no historical data ${trainingDataUri(context)}: POST /bootstrap first.`);
    const { manifest } = await uploadHoldOut(session, names.buckets.data, { signal });
    const { rows, counts } = mergeFeedback(
      readOpinions(historical, signal),
      scanSince<Feedback>(dynamodb, { tableName: names.tables.feedback, since: new Date(0), signal }),
      {
        hidden: new Set(manifest.textHashes),
        labels: parameters?.AllowOtherLabels === "true" ? undefined : new Set(manifest.labels),
      },
    );
    const merged = join(folder, "merged.csv");
    await pipeline(Readable.from(csvOf(rows)), createWriteStream(merged), { signal });
    const data = await session.uploadData(merged, {
      bucket: names.buckets.data,
      keyPrefix: `data/retraining/${run_id}`,
      signal,
    });
    return { data, counts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* csvOf(opinions: AsyncIterable<Opinion>): AsyncGenerator<string> {
  const header = formatOpinions([]);
  yield header;
  let batch: Opinion[] = [];
  for await (const opinion of opinions) {
    if (batch.push(opinion) < ROWS_AT_ONCE) continue;
    yield formatOpinions(batch).slice(header.length);
    batch = [];
  }
  yield formatOpinions(batch).slice(header.length);
}
