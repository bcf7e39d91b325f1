import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { DriftReference } from "./detect-drift.ts";
import { evaluateFeedback } from "./evaluate-feedback.ts";
import { CONFIDENCE_EDGES, histogramOf } from "./histogram.ts";
import { profileInputs } from "./input-profile.ts";

const REFERENCE: DriftReference = {
  inputs: profileInputs(["easy to use", "so so"], new Set(["easy"])),
  confidence: histogramOf([0.9], CONFIDENCE_EDGES),
  accuracy: { correct: 95, n: 100 },
  vocabulary: new Set(["easy", "to", "use"]),
};

test("feedback without its text counts for the accuracy and for nothing else", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "feedback-"));
  const path = join(folder.path, "feedback.csv");
  await writeFile(
    path,
    'feedback_id,text,user_label,model_prediction,confidence\n1,"Easy, to use",positive,positive,0.9\n2,,negative,positive,\n3,bad,negative,negative,\n',
  );
  const { accuracy, withoutText, drift } = await evaluateFeedback(path, REFERENCE);
  assert.equal(accuracy?.n, 3);
  assert.equal(accuracy?.correct, 2);
  assert.equal(withoutText, 1);
  assert.equal(drift.feedback, 2);
});

test("no feedback is no accuracy and no advice", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "feedback-"));
  const path = join(folder.path, "feedback.csv");
  await writeFile(path, "feedback_id,text,user_label,model_prediction,confidence\n");
  const { accuracy, drift } = await evaluateFeedback(path, REFERENCE);
  assert.equal(accuracy, undefined);
  assert.equal(drift.isRetrainingAdvised, false);
});
