import type { BootstrapContext } from "./progress.ts";
import type { Recipe } from "./recipe.ts";

/** Where the recipe's data is. */
export interface UploadedData {
  readonly train: string;
  readonly validation: string;
}

const FORMAT = new Intl.NumberFormat("en");

/** Puts the three parts into S3. Repeating it writes the same bytes under the same keys. */
export async function uploadData(context: BootstrapContext, recipe: Recipe): Promise<UploadedData> {
  const { session, onProgress, signal } = context;
  const { counts, train, validation, test } = recipe.split;
  onProgress({ step: "prepare", fraction: 0, detail: `${FORMAT.format(counts.opinions)} opinions to S3` });
  const folder = `s3://${await session.defaultBucket()}/sentiment/${recipe.name}/data`;
  const parts = { train: recipe.trainFile, validation: recipe.validationFile, test: recipe.testFile };
  await Promise.all(
    Object.entries(parts).map(([part, file]) =>
      session.uploadString(file, `${folder}/${part}/opinions.txt`, { signal }),
    ),
  );
  const sizes = [train, validation, test].map(({ length }) => FORMAT.format(length));
  onProgress({
    step: "prepare",
    fraction: 1,
    detail: `${sizes[0]} opinions to train on, ${sizes[1]} to watch, ${sizes[2]} held out`,
  });
  return { train: `${folder}/train/`, validation: `${folder}/validation/` };
}
