/**
 * Step 1 of the pipeline, run by a Node image: raw CSV → training data and tokenizer.
 *
 *   /opt/ml/processing/raw         CSV files with text, label and, if known, domain
 *   /opt/ml/processing/hold-out    manifest.json: hashes of the hold-out's texts, no texts and no labels
 *   /opt/ml/processing/train       → train.txt
 *   /opt/ml/processing/validation  → validation.txt
 *   /opt/ml/processing/tokenizer   → tokenizer.json, preprocessing.json
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HoldOutManifest } from "../../src/data/hold-out.ts";
import type { Opinion } from "../../src/data/opinion.ts";
import { readOpinions } from "../../src/data/opinion-csv.ts";
import { prepareTrainingData } from "../../src/data/prepare-training-data.ts";
import { PROCESSING } from "./processing-directory.ts";
import { readArguments } from "./read-arguments.ts";

async function* readFolder(folder: string): AsyncGenerator<Opinion> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".csv")).sort();
  if (files.length === 0) throw new Error(`There is no .csv file among the raw data in ${folder}.`);
  for (const file of files) yield* readOpinions(join(folder, file));
}

const values = readArguments(["allow-other-labels"]);
const manifest = await readFile(join(PROCESSING, "hold-out", "manifest.json"), "utf8");
const { train, validation, tokenizer, counts } = await prepareTrainingData(readFolder(join(PROCESSING, "raw")), {
  // Written by this application, under a key of its own.
  holdOut: JSON.parse(manifest) as HoldOutManifest,
  areOtherLabelsAllowed: values["allow-other-labels"] === "true",
});
const files: Readonly<Record<string, string>> = {
  "train/train.txt": train,
  "validation/validation.txt": validation,
  "tokenizer/tokenizer.json": JSON.stringify(tokenizer),
  "tokenizer/preprocessing.json": `${JSON.stringify(counts, null, 2)}\n`,
};
for (const [path, content] of Object.entries(files)) {
  await mkdir(dirname(join(PROCESSING, path)), { recursive: true });
  await writeFile(join(PROCESSING, path), content);
}
process.stdout.write(`${JSON.stringify({ labels: tokenizer.labels, ...counts })}\n`);
