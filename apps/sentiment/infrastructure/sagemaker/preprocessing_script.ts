/**
 * Step 1 of the pipeline, run by a Node image: raw CSV → training data and tokenizer.
 *
 *   /opt/ml/processing/raw         CSV files with text, label and, if known, domain
 *   /opt/ml/processing/hold-out    manifest.json: hashes of the hold-out's texts, no texts and no labels
 *   /opt/ml/processing/train       → train.txt
 *   /opt/ml/processing/validation  → validation.txt
 *   /opt/ml/processing/tokenizer   → tokenizer.json, preprocessing.json
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HoldOutManifest } from "../../src/data/hold-out.ts";
import type { Opinion } from "../../src/data/opinion.ts";
import { readOpinions } from "../../src/data/opinion-csv.ts";
import { prepareTrainingData } from "../../src/data/prepare-training-data.ts";
import { readArguments } from "./read-arguments.ts";
import { PROCESSING, runScript, writeOutput } from "./run-script.ts";

async function* readFolder(folder: string): AsyncGenerator<Opinion> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".csv")).sort();
  if (files.length === 0) throw new Error(`There is no .csv file among the raw data in ${folder}.`);
  for (const file of files) yield* readOpinions(join(folder, file));
}

await runScript(async () => {
  const values = readArguments(["allow-other-labels"]);
  const manifest = await readFile(join(PROCESSING, "hold-out", "manifest.json"), "utf8");
  const { train, validation, tokenizer, counts } = await prepareTrainingData(readFolder(join(PROCESSING, "raw")), {
    // Written by this application, under a key of its own.
    holdOut: JSON.parse(manifest) as HoldOutManifest,
    areOtherLabelsAllowed: values["allow-other-labels"] === "true",
  });
  await writeOutput("train", "train.txt", train);
  await writeOutput("validation", "validation.txt", validation);
  await writeOutput("tokenizer", "tokenizer.json", JSON.stringify(tokenizer));
  await writeOutput("tokenizer", "preprocessing.json", `${JSON.stringify(counts, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify({ labels: tokenizer.labels, ...counts })}\n`);
});
