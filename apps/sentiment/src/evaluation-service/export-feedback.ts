import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify/sync";
import type { ApplicationContext } from "../application-context.ts";
import type { Feedback } from "../feedback-service/feedback.ts";
import { scanSince } from "../storage/read-rows.ts";

/** Columns of the exported file. */
const COLUMNS = [
  "feedback_id",
  "timestamp",
  "text",
  "user_label",
  "model_prediction",
  "confidence",
  "model_version",
  "variant",
] as const;

const ROWS_AT_ONCE = 1_000;

export interface ExportCounts {
  /** Rows of the feedback table in the period. */
  readonly feedback: number;
  /** Of another model, or of none: they say nothing of the model in service. */
  readonly ofOthers: number;
  readonly exported: number;
}

/**
 * Writes the feedback on predictions of the model in service to S3 as CSV (S-37). It came after that model's training, since the model made the predictions
 * (S-X2).
 */
export async function exportFeedback(
  context: ApplicationContext,
  options: { readonly modelVersion: string; readonly since: Date; readonly uri: string; readonly signal: AbortSignal },
): Promise<ExportCounts> {
  const { dynamodb, names, session } = context;
  const { modelVersion, since, uri, signal } = options;
  const counts = { feedback: 0, ofOthers: 0, exported: 0 };

  async function* ofModel(): AsyncGenerator<Feedback> {
    const rows = scanSince<Feedback>(dynamodb, { tableName: names.tables.feedback, since, signal });
    for await (const row of rows) {
      counts.feedback += 1;
      if (row.model_version === modelVersion && row.model_prediction !== undefined) {
        counts.exported += 1;
        yield row;
      } else counts.ofOthers += 1;
    }
  }

  const folder = await mkdtemp(join(tmpdir(), "evaluation-"));
  try {
    const file = join(folder, "feedback.csv");
    await pipeline(Readable.from(csvOf(ofModel())), createWriteStream(file), { signal });
    const { bucket, keyPrefix } = splitUri(uri);
    await session.uploadData(file, { bucket, keyPrefix, signal });
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function splitUri(uri: string): { bucket: string; keyPrefix: string } {
  const { hostname: bucket, pathname } = new URL(uri);
  return { bucket, keyPrefix: pathname.slice(1) };
}

async function* csvOf(rows: AsyncIterable<Feedback>): AsyncGenerator<string> {
  yield stringify([], { header: true, columns: [...COLUMNS] });
  let batch: Feedback[] = [];
  for await (const row of rows) {
    if (batch.push(row) < ROWS_AT_ONCE) continue;
    yield stringify(batch, { columns: [...COLUMNS] });
    batch = [];
  }
  yield stringify(batch, { columns: [...COLUMNS] });
}
