import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { curlLine, describeSentiment } from "./describe-sentiment.ts";
import type { Evaluation } from "./gate/evaluation.ts";
import { judgeCandidate } from "./gate/judge-candidate.ts";
import { SEVEN_SERVICES } from "./seven-services.ts";

const URL = "http://127.0.0.1:8000";

const SERVICES = SEVEN_SERVICES.map(({ name, port }) => ({ name, url: `http://127.0.0.1:${port}` }));

function describe(evaluation: Evaluation | undefined): string {
  return describeSentiment({
    endpointName: "sentiment",
    modelVersion: "sentiment-v1",
    evaluation,
    services: SERVICES,
    url: URL,
  });
}

test("the end of a start names accuracy, interval, n and endpoint, and ends with a line to paste", () => {
  const rows = Array.from({ length: 2000 }, (_, index) => ({
    actual: index % 2 === 0 ? "positive" : "negative",
    candidate: index % 20 === 0 ? "negative" : index % 2 === 0 ? "positive" : "negative",
    champion: undefined,
    slices: [],
  }));
  const text = describe({ gate: judgeCandidate(rows) } as unknown as Evaluation);
  assert.match(text, /^Endpoint sentiment serves the model sentiment-v1\.$/m);
  assert.match(text, /^Accuracy 0\.950 on 2,000 texts that it never saw \(95 % interval 0\.940 to 0\.959\)\.$/m);
  assert.equal(text.split("\n").at(-1), curlLine(URL));
});

test("a model of somebody else has no accuracy", () => {
  assert.doesNotMatch(describe(undefined), /Accuracy/);
});

test("each of the seven services has a line with a request to it", () => {
  const lines = describe(undefined).split("\n");
  for (const { name, url } of SERVICES) {
    const line = lines.find((each) => each.startsWith(name));
    assert.match(line ?? "", new RegExp(`curl -s .*${url}/`), name);
  }
});

test("a shell reads the curl line as one command with a JSON body", () => {
  const printed = execFileSync("sh", ["-c", curlLine(URL).replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" });
  const words = printed.trimEnd().split("\n");
  assert.equal(words[1], `${URL}/predict-sentiment`);
  assert.deepEqual(JSON.parse(words.at(-1) ?? ""), { text: "Easy to use, long battery life" });
});
