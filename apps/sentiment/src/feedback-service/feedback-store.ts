import { join } from "node:path";
import type { ApplicationContext } from "../application-context.ts";
import { type PredictionRecord, predictionTable } from "../inference-service/prediction-log.ts";
import { createDocumentTable, type DocumentTable } from "../storage/document-table.ts";
import { openFallbackFile } from "../storage/fallback-file.ts";
import { createFallbackStore, type StoredIn } from "../storage/fallback-store.ts";
import { isOutOfReach } from "../storage/out-of-reach.ts";
import { ServiceError } from "../web/service-error.ts";
import { attribute, type Feedback } from "./feedback.ts";

export interface FeedbackStore {
  readonly table: DocumentTable<Feedback>;
  readonly predictions: DocumentTable<PredictionRecord>;
  /** Attributes the feedback to its prediction and stores it. Throws ServiceError 404 when nobody made such a prediction. */
  submit(feedback: Feedback): Promise<{ readonly feedback: Feedback; readonly storedIn: StoredIn }>;
  /** Submissions that wait in feedback.json. */
  readonly pending: number;
  close(): Promise<void>;
}

/** Predictions are recorded in the background: one that has just been answered is known a moment later, mostly after 20 ms. */
const WAIT_MS = [0, 10, 20, 40, 80, 150, 300, 500];

/** Opens the table with its fallback `feedback.json`. */
export async function openFeedbackStore(context: ApplicationContext): Promise<FeedbackStore> {
  const { clock, dynamodb, names, onFault, settings } = context;
  const table = createDocumentTable<Feedback>({ dynamodb, name: names.tables.feedback, key: "feedback_id" });
  const predictions = predictionTable(context);
  const store = createFallbackStore<Feedback>({
    file: await openFallbackFile(join(settings.fallbackDirectory, "feedback.json")),
    write: (row) => table.put(row),
    // A feedback on the same prediction may have come after it.
    rewrite: async (row) => void (await table.putUnlessNewer(await attributeLater(row))),
    onFault,
    clock,
  });

  /** What could not be attributed while the store was away. Unknown or contradicting, it is kept as it was said. */
  async function attributeLater(row: Feedback): Promise<Feedback> {
    if (row.is_traced || row.inference_id === undefined) return row;
    const prediction = await predictions.get(row.inference_id);
    try {
      return prediction === undefined ? row : attribute(row, prediction);
    } catch (error) {
      if (error instanceof ServiceError) return row;
      throw error;
    }
  }

  async function findPrediction(inferenceId: string): Promise<PredictionRecord> {
    for (const pause of WAIT_MS) {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      const prediction = await predictions.get(inferenceId);
      if (prediction !== undefined) return prediction;
    }
    const message = `There is no prediction ${inferenceId}: it was not made here, or more than 90 days ago. Without inference_id, send the text.`;
    throw new ServiceError(404, "UnknownInference", message);
  }

  async function attributeNow(feedback: Feedback): Promise<Feedback> {
    if (feedback.inference_id === undefined || store.isAway) return feedback;
    try {
      return attribute(feedback, await findPrediction(feedback.inference_id));
    } catch (error) {
      if (isOutOfReach(error)) return feedback;
      throw error;
    }
  }

  return {
    table,
    predictions,
    async submit(submitted) {
      const feedback = await attributeNow(submitted);
      return { feedback, storedIn: await store.put(feedback) };
    },
    get pending() {
      return store.pending;
    },
    close: () => store.close(),
  };
}
