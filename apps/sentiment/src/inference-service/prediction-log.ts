import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ApplicationContext } from "../application-context.ts";
import { createDocumentTable, type DocumentTable } from "../storage/document-table.ts";
import { openFallbackFile } from "../storage/fallback-file.ts";
import { createFallbackStore } from "../storage/fallback-store.ts";

/**
 * What is kept of a prediction so that feedback on it can be traced. Of the text only the hash: whoever wants the text to be learned from sends it
 * with the feedback.
 */
export interface PredictionRecord {
  readonly inference_id: string;
  readonly timestamp: string;
  /** First 64 bits of the SHA-256 of the normalised text. */
  readonly text_hash: string;
  /** Tokens of the normalised text. */
  readonly words: number;
  readonly label: string;
  readonly confidence: number;
  readonly model_version: string;
  readonly variant: string;
  /** Seconds since 1970, when DynamoDB deletes the record. */
  readonly expires_at: number;
}

/** Where predictions are recorded, without the prediction waiting for it. */
export interface PredictionLog {
  readonly table: DocumentTable<PredictionRecord>;
  record(prediction: Omit<PredictionRecord, "timestamp" | "expires_at">): void;
  /** Records that wait in predictions.json. */
  readonly pending: number;
  /** Resolves when everything that was recorded is in the table or in the file. */
  close(): Promise<void>;
}

/** A convention: feedback that comes after a quarter of a year is about another time. */
const KEEP_SECONDS = 90 * 24 * 3600;

/** Nobody waits for a record; at 200 predictions a second some three of them share a request, and one costs as much as a prediction. */
const GATHER_MS = 10;

export function predictionTable({ dynamodb, names }: ApplicationContext): DocumentTable<PredictionRecord> {
  return createDocumentTable({
    dynamodb,
    name: names.tables.predictions,
    key: "inference_id",
    gatherPuts: () => delay(GATHER_MS),
  });
}

/**
 * Writes to DynamoDB in groups in the background; while it is away to `predictions.json`, from where they follow. A kill of the process loses
 * what came in the last milliseconds: those predictions were answered and cannot be traced.
 */
export async function openPredictionLog(context: ApplicationContext): Promise<PredictionLog> {
  const { clock, settings, onFault } = context;
  const table = predictionTable(context);
  const file = await openFallbackFile<PredictionRecord>(join(settings.fallbackDirectory, "predictions.json"));
  const store = createFallbackStore({ file, write: (row) => table.put(row), onFault, clock });
  const writing = new Set<Promise<void>>();
  let isFailing = false;

  async function write(row: PredictionRecord): Promise<void> {
    try {
      await store.put(row);
      isFailing = false;
    } catch (error) {
      // One line for a table that is missing, not one a prediction.
      if (!isFailing) onFault(error);
      isFailing = true;
    }
  }

  return {
    table,
    record(prediction) {
      const now = clock.now();
      const expires_at = Math.floor(now.getTime() / 1000) + KEEP_SECONDS;
      const written = write({ ...prediction, timestamp: now.toISOString(), expires_at }).finally(() =>
        writing.delete(written),
      );
      writing.add(written);
    },
    get pending() {
      return store.pending;
    },
    async close() {
      await Promise.all(writing);
      await store.close();
    },
  };
}
