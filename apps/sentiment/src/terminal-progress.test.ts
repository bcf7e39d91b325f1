import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { createTerminalProgress } from "./terminal-progress.ts";

function recorder(isTTY: boolean) {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => chunks.join("") };
}

test("without a terminal each finished step is one plain line", () => {
  const { stream, text } = recorder(false);
  using progress = createTerminalProgress(stream);
  progress({ step: "train", fraction: 0, detail: "Starting" });
  progress({ step: "train", fraction: 0.5, detail: "Training" });
  progress({ step: "train", fraction: 1, detail: "training job sentiment-1" });
  progress({ step: "deploy", fraction: 1, detail: "endpoint sentiment" });
  progress({ step: "register", fraction: 1, detail: "" });
  assert.equal(text(), "Train: training job sentiment-1\nDeploy: endpoint sentiment\nRegister: done\n");
});

test("on a terminal a bar shows the step, how far it is and what goes on", () => {
  const { stream, text } = recorder(true);
  using progress = createTerminalProgress(stream);
  progress({ step: "train", fraction: 0.5, detail: "Training" });
  progress({ step: "train", fraction: 1, detail: "training job sentiment-1" });
  assert.match(text(), /Train {4} .* 100 % {2}training job sentiment-1/);
});
