import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { reportAccuracy } from "./accuracy-report.ts";
import { curlLine, describeSentiment } from "./describe-sentiment.ts";

const URL = "http://127.0.0.1:8000";

test("the end of a start names accuracy, interval, n and endpoint, and ends with a line to paste", () => {
  const pairs = Array.from({ length: 2000 }, (_, index) => ({
    actual: "positive" as const,
    predicted: index < 1900 ? ("positive" as const) : ("negative" as const),
  }));
  const report = reportAccuracy(pairs, { modelName: "m", testSha256: "ab", evaluatedAt: new Date(0) });
  const text = describeSentiment({ endpointName: "sentiment", modelName: "m", report, url: URL });
  assert.match(text, /^Endpoint sentiment serves the model m\.$/m);
  assert.match(text, /^Accuracy 0\.950 on 2,000 opinions that it never saw \(95 % interval 0\.940 to 0\.959\)\.$/m);
  assert.equal(text.split("\n").at(-1), curlLine(URL));
});

test("a model of somebody else has no accuracy", () => {
  const text = describeSentiment({ endpointName: "sentiment", modelName: "m", report: undefined, url: URL });
  assert.doesNotMatch(text, /Accuracy/);
});

test("a shell reads the curl line as one command with a JSON body", () => {
  const printed = execFileSync("sh", ["-c", curlLine(URL).replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" });
  const words = printed.trimEnd().split("\n");
  assert.equal(words[1], `${URL}/predict-sentiment`);
  assert.deepEqual(JSON.parse(words.at(-1) ?? ""), { text: "Easy to use, long battery life" });
});
