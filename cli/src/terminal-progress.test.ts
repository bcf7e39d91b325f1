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

test("without a terminal each finished part is one plain line", () => {
  const { stream, text } = recorder(false);
  using progress = createTerminalProgress(stream);
  progress({ title: "Train", fraction: 0, detail: "Starting" });
  progress({ title: "Train", fraction: 0.5, detail: "Training" });
  progress({ title: "Train", fraction: 1, detail: "training job sentiment-1" });
  progress({ title: "Deploy", fraction: 1, detail: "endpoint sentiment" });
  progress({ title: "Register", fraction: 1, detail: "" });
  assert.equal(text(), "Train: training job sentiment-1\nDeploy: endpoint sentiment\nRegister: done\n");
});

test("on a terminal a bar shows the part, how far it is and what goes on", () => {
  const { stream, text } = recorder(true);
  using progress = createTerminalProgress(stream, 8);
  progress({ title: "Train", fraction: 0.5, detail: "Training" });
  progress({ title: "Train", fraction: 1, detail: "training job sentiment-1" });
  assert.match(text(), /Train {4} .* 100 % {2}training job sentiment-1/);
});
