import { join } from "node:path";
import type { ApplicationContext } from "../application-context.ts";
import { trainingDataUri } from "../pipeline/prepare-pipeline.ts";

/** The hidden test set goes its own way, so that nothing that trains has it at hand. */
const DATASETS = ["train_data.csv", "test_data.csv"] as const;

const OWN_DATASETS = join(import.meta.dirname, "../../Dataset");

/** Puts the datasets to `s3://<data bucket>/data/` and returns the S3 URI of the training data (S-30). Repeated, it writes the same bytes. */
export async function uploadDatasets(context: ApplicationContext, signal: AbortSignal): Promise<string> {
  const { names, session, settings } = context;
  const folder = settings.datasetDirectory ?? OWN_DATASETS;
  await Promise.all(
    DATASETS.map((name) =>
      session.uploadData(join(folder, name), {
        bucket: names.buckets.data,
        keyPrefix: "data",
        signal,
      }),
    ),
  );
  return trainingDataUri(context);
}
