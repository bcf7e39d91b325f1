/**
 * Step 3 of the pipeline, run by a Node image: the final model artifact, and the verdict on it.
 *
 *   /opt/ml/processing/model       model.tar.gz, as training left it
 *   /opt/ml/processing/tokenizer   tokenizer.json, preprocessing.json
 *   /opt/ml/processing/validation  validation.txt
 *   /opt/ml/processing/hold-out    the frozen hold-out, one CSV file
 *   /opt/ml/processing/evaluation  → evaluation.json
 *
 * The final artifact goes to --model-uri at once: the candidate's endpoint needs it while this still runs.
 */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { Session } from "@rondo/sdk";
import type { PreparationCounts } from "../../src/data/prepare-training-data.ts";
import { evaluateCandidate } from "../../src/pipeline/evaluate-candidate.ts";
import { packModel } from "../../src/pipeline/pack-model.ts";
import { readArguments } from "./read-arguments.ts";
import { PROCESSING, runScript, writeOutput } from "./run-script.ts";

async function readOnlyFile(folder: string, ending: string): Promise<Buffer> {
  const names = (await readdir(join(PROCESSING, folder))).filter((name) => name.endsWith(ending));
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw new Error(`${folder} has ${names.length} files ${ending}, not one.`);
  return readFile(join(PROCESSING, folder, name));
}

await runScript(async () => {
  const values = readArguments([
    "execution-id",
    "endpoint-name",
    "model-uri",
    "serving-image",
    "serving-instance-type",
    "role",
    "accuracy-threshold",
    "uses-uri",
  ]);
  using session = new Session();
  const tokenizer = await readFile(join(PROCESSING, "tokenizer", "tokenizer.json"), "utf8");
  const counts = await readFile(join(PROCESSING, "tokenizer", "preprocessing.json"), "utf8");
  const folder = join(PROCESSING, "final-model");
  await mkdir(folder, { recursive: true });
  const archive = join(folder, "model.tar.gz");
  const sha256 = await packModel(join(PROCESSING, "model", "model.tar.gz"), { "tokenizer.json": tokenizer }, archive);
  const { hostname: bucket, pathname } = new URL(values["model-uri"]);
  await session.uploadData(archive, { bucket, keyPrefix: pathname.replace(/^\/|\/model\.tar\.gz$/g, "") });

  const uses = new URL(values["uses-uri"]);
  const evaluation = await evaluateCandidate(session, {
    executionId: values["execution-id"],
    endpointName: values["endpoint-name"],
    modelDataUri: values["model-uri"],
    modelSha256: sha256,
    servingImageUri: values["serving-image"],
    role: values.role,
    instanceType: values["serving-instance-type"] as ProductionVariantInstanceType,
    gate: { accuracyThreshold: Number(values["accuracy-threshold"]) },
    uses: { bucket: uses.hostname, prefix: `${uses.pathname.slice(1).replace(/\/$/, "")}/` },
    tokenizer,
    validation: (await readOnlyFile("validation", ".txt")).toString("utf8"),
    holdOut: await readOnlyFile("hold-out", ".csv"),
    // Written by the preprocessing script.
    counts: JSON.parse(counts) as PreparationCounts,
  });
  await writeOutput("evaluation", "evaluation.json", `${JSON.stringify(evaluation, null, 2)}\n`);
  process.stdout.write(`${evaluation.gate.decision}: ${evaluation.gate.reason}\n`);
});
