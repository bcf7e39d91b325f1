import assert from "node:assert/strict";
import { test } from "node:test";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { randomCutForestImage } from "./randomcutforest.ts";

/** Usual rows in the unit square; with labels every tenth is an anomaly outside of it. */
function rows(count: number, labelled: boolean): string {
  return Array.from({ length: count }, (_, row) => {
    const isAnomaly = labelled && row % 10 === 0;
    const [x, y] = [((row * 37) % 101) / 101 + (isAnomaly ? 20 : 0), ((row * 61) % 103) / 103];
    return labelled ? `${Number(isAnomaly)},${x},${y}\n` : `${x},${y}\n`;
  }).join("");
}

const hyperparameters = { feature_dim: "2", num_trees: "50", num_samples_per_tree: "64" };
const channels = { train: { "rows.csv": rows(500, false) }, test: { "rows.csv": rows(100, true) } };

testImage({
  image: randomCutForestImage,
  trainingContentType: "text/csv",
  hyperparameters,
  channels,
  endless: { num_trees: "1000", num_samples_per_tree: "2048" },
  hasBegun: /#progress_metric/,
  request: { body: '{"instances":[{"features":[0.5,0.5]},{"features":[20,0.5]}]}', contentType: "application/json" },
  check: (body) => {
    const [usual, anomaly] = JSON.parse(body).scores;
    assert.ok(usual.score < 1.2 && anomaly.score > 3, body);
  },
  malformed: '{"instances":[{"features":[1]}]}',
});

test("verbose=true: the columns' contributions; the metrics that were asked for", async () => {
  const values = { ...hyperparameters, eval_metrics: '["precision_recall_fscore"]' };
  await using trained = await trainInProcess(randomCutForestImage, {
    hyperparameters: values,
    channels,
    contentType: "text/csv",
  });
  const { lines } = trained;
  assert.match(lines.join("\n"), /test f1 <score>=(1|0\.9\d+)$/m);
  assert.doesNotMatch(lines.join("\n"), /accuracy/);
  const model = await trained.load();
  const accept = "application/json; verbose=true";
  const { body } = model.invoke({ body: Buffer.from("20,0.5\n"), contentType: "text/csv", accept });
  const [{ score, attribution }] = JSON.parse(String(body)).scores;
  assert.ok(attribution[0] > 0.8 * score);
  assert.ok(Math.abs(attribution[0] + attribution[1] - score) < 1e-4);
});
