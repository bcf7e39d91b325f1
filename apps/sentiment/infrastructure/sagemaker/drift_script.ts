/**
 * The live evaluation, run by a Node image beside the pipeline: accuracy on recent feedback, and whether traffic has moved away from the training data.
 *
 *   /opt/ml/processing/feedback    feedback.csv, as the evaluation service exports it
 *   /opt/ml/processing/report      → report.json
 */
import { join } from "node:path";
import { Session } from "@rondo/sdk";
import { evaluateFeedback } from "../../src/drift/evaluate-feedback.ts";
import { readKnownVersion } from "../../src/drift/read-known-version.ts";
import { readArguments } from "./read-arguments.ts";
import { PROCESSING, runScript, writeOutput } from "./run-script.ts";

await runScript(async () => {
  const values = readArguments(["model-version", "models-bucket", "tokenizers-bucket"]);
  const modelVersion = values["model-version"];
  using session = new Session();
  const buckets = { models: values["models-bucket"], tokenizers: values["tokenizers-bucket"] };
  const version = await readKnownVersion(session, buckets, modelVersion);
  if (version === undefined) {
    throw new Error(`Nothing is known of the model ${modelVersion}: it was not deployed by the pipeline.`);
  }
  const report = {
    model_version: modelVersion,
    evaluated_at: session.clock.now().toISOString(),
    ...(await evaluateFeedback(join(PROCESSING, "feedback", "feedback.csv"), version.driftReference)),
  };
  await writeOutput("report", "report.json", `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${report.drift.reason}\n`);
});
