import { Endpoint, Predictor } from "@rondo/sdk";
import { type AccuracyReport, reportAccuracy } from "../accuracy-report.ts";
import { classificationDeserializer, classificationSerializer } from "../blazing-text.ts";
import type { Label } from "../product-opinions.ts";
import type { BootstrapContext } from "./progress.ts";
import type { Recipe } from "./recipe.ts";

/** Texts in one request: about 40 kB, far below the 6 MB that InvokeEndpoint takes. */
const BATCH_TEXTS = 500;

async function reportUri({ session }: BootstrapContext, modelName: string): Promise<string> {
  return `s3://${await session.defaultBucket()}/sentiment/evaluations/${modelName}.json`;
}

/** The report of an earlier start; undefined when the model has not been judged yet. */
export async function findReport(context: BootstrapContext, modelName: string): Promise<AccuracyReport | undefined> {
  const text = await context.session.downloadString(await reportUri(context, modelName), { signal: context.signal });
  // Written by evaluateModel below, under a key of this application's own.
  return text === undefined ? undefined : (JSON.parse(text) as AccuracyReport);
}

/** Judges the endpoint on the held-out part, as its clients would use it, and keeps the report. */
export async function evaluateModel(
  context: BootstrapContext,
  recipe: Recipe,
  modelName: string,
): Promise<AccuracyReport> {
  const { session, endpointName, onProgress, signal } = context;
  const predictor = new Predictor({
    endpoint: new Endpoint(endpointName, session),
    serializer: classificationSerializer,
    deserializer: classificationDeserializer,
  });
  const { test } = recipe.split;
  const pairs: { actual: Label; predicted: Label }[] = [];
  for (let start = 0; start < test.length; start += BATCH_TEXTS) {
    const detail = `${test.length.toLocaleString("en")} opinions held out`;
    onProgress({ step: "evaluate", fraction: start / test.length, detail });
    const batch = test.slice(start, start + BATCH_TEXTS);
    const answers = await predictor.predict({ instances: batch.map(({ text }) => text) }, { signal });
    for (const [index, { label: actual }] of batch.entries()) {
      const predicted = answers[index]?.label as Label | undefined;
      if (predicted === undefined)
        throw new Error(`The endpoint ${endpointName} answered ${answers.length} of ${batch.length} texts.`);
      pairs.push({ actual, predicted });
    }
  }
  const report = reportAccuracy(pairs, { modelName, testSha256: recipe.testSha256, evaluatedAt: session.clock.now() });
  await session.uploadString(`${JSON.stringify(report, null, 2)}\n`, await reportUri(context, modelName), { signal });
  onProgress({ step: "evaluate", fraction: 1, detail: `accuracy ${report.accuracy.toFixed(3)}` });
  return report;
}
