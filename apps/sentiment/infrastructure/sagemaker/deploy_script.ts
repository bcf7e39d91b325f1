/**
 * The last step of the pipeline, run by a Node image: brings the registered version into service.
 *
 *   /opt/ml/processing/tokenizer   tokenizer.json
 *   /opt/ml/processing/evaluation  evaluation.json
 *   /opt/ml/processing/deployment  → deployment.json
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { Session } from "@rondo/sdk";
import { parseTokenizer } from "../../src/data/tokenizer.ts";
import type { Evaluation } from "../../src/gate/evaluation.ts";
import { deployModelVersion } from "../../src/pipeline/deploy-model-version.ts";
import { readArguments } from "./read-arguments.ts";
import { PROCESSING, runScript, writeOutput } from "./run-script.ts";

await runScript(async () => {
  const values = readArguments([
    "model-package-arn",
    "endpoint-name",
    "role",
    "serving-instance-type",
    "serving-instance-count",
    "canary-seconds",
    "alarm-period-seconds",
    "models-bucket",
    "tokenizers-bucket",
  ]);

  using session = new Session();
  const cloudwatch = new CloudWatchClient({ region: await session.region() });
  const evaluation = await readFile(join(PROCESSING, "evaluation", "evaluation.json"), "utf8");
  const deployed = await deployModelVersion(session, cloudwatch, {
    modelPackageArn: values["model-package-arn"],
    endpointName: values["endpoint-name"],
    role: values.role,
    instanceType: values["serving-instance-type"] as ProductionVariantInstanceType,
    instanceCount: Number(values["serving-instance-count"]),
    canarySeconds: Number(values["canary-seconds"]),
    alarmPeriodSeconds: Number(values["alarm-period-seconds"]),
    buckets: { models: values["models-bucket"], tokenizers: values["tokenizers-bucket"] },
    tokenizer: parseTokenizer(await readFile(join(PROCESSING, "tokenizer", "tokenizer.json"))),
    // Written by the evaluation script.
    evaluation: JSON.parse(evaluation) as Evaluation,
  });
  cloudwatch.destroy();
  await writeOutput("deployment", "deployment.json", `${JSON.stringify(deployed, null, 2)}\n`);
  process.stdout.write(`Endpoint ${deployed.endpointName} serves ${deployed.modelVersion}.\n`);
});
