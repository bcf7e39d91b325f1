import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTestServer } from "@rondo/server/testing";
import { startSentiment } from "../start-sentiment.ts";
import { domainSlices } from "./loop-report.ts";
import { loopSentiment } from "./loop-sentiment.ts";
import { writeLoopReport } from "./write-loop-report.ts";

async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), "loop-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("feedback on a new domain makes a better model, which comes into service without a failed request", async (context) => {
  await using folder = await openFolder();
  await using server = await startTestServer();
  await using sentiment = await startSentiment({
    clientConfig: server.clientConfig,
    environment: { CANARY_SECONDS: "4", ALARM_PERIOD_SECONDS: "10", FALLBACK_DIRECTORY: folder.path },
    port: 0,
  });
  const url = (name: string): string => sentiment.services.find((service) => service.name === name)?.url ?? "";
  const finished: string[] = [];
  const report = await loopSentiment({
    services: {
      inference: url("inference-service"),
      feedback: url("feedback-service"),
      evaluation: url("evaluation-service"),
      retraining: url("retraining-service"),
    },
    feedbackTexts: 1_200,
    signal: AbortSignal.timeout(400_000),
    onProgress: ({ phase, fraction }) => fraction === 1 && finished.push(phase),
  });
  context.diagnostic(JSON.stringify({ seconds: report.seconds, phases: report.phases, traffic: report.traffic }));
  context.diagnostic(report.evaluation.gate.reason);
  assert.deepEqual(finished, ["traffic", "evaluation", "retraining", "after"]);

  assert.equal(report.drift.drift.isRetrainingAdvised, true);
  assert.equal(report.drift.drift.feedback, 1_200);

  const [film, product] = domainSlices(report.evaluation);
  assert.equal(film?.domain, "film");
  assert.ok((film.improvement?.low ?? 0) > 0.02, `film ${film.improvement?.difference}`);
  assert.ok((product?.improvement?.difference ?? -1) > -0.02, `product ${product?.improvement?.difference}`);
  assert.equal(report.evaluation.gate.decision, "deploy");
  assert.equal(report.retraining.modelVersion, "sentiment-v2");

  const { before, rollout, after } = report.traffic;
  assert.equal(before.requests, 1_200);
  assert.deepEqual([before.failures, rollout.failures, after.failures], [0, 0, 0], rollout.failureReasons.join());
  assert.deepEqual(rollout.byVersion.map(({ modelVersion }) => modelVersion).sort(), ["sentiment-v1", "sentiment-v2"]);
  const canary = report.rollout.flatMap(({ shares }) => shares["sentiment-v2"] ?? []);
  assert.ok(
    canary.some((share) => share < 0.5),
    `shares of the new version: ${canary}`,
  );
  const [last] = after.byVersion;
  assert.deepEqual([after.byVersion.length, last?.modelVersion], [1, "sentiment-v2"]);

  const page = await readFile(await writeLoopReport(folder.path, report), "utf8");
  assert.match(page, /On the frozen hold-out, film: /);
  assert.match(page, /<caption>The gate: deploy<\/caption>/);
});
