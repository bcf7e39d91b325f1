import assert from "node:assert/strict";
import { testImage } from "../testing/image-suite.ts";
import { kmeansImage } from "./kmeans.ts";

/** Rows beside the places (0, 0), (10, 0) and (0, 10). */
function rows(count: number, shift: number): string {
  return Array.from({ length: count }, (_, row) => {
    const [x, y] = [((row * 37 + shift) % 100) / 100, ((row * 61 + shift) % 100) / 100];
    return `${x + (row % 3 === 1 ? 10 : 0)},${y + (row % 3 === 2 ? 10 : 0)}\n`;
  }).join("");
}

testImage({
  image: kmeansImage,
  trainingContentType: "text/csv",
  hyperparameters: { k: "3", feature_dim: "2", mini_batch_size: "100", eval_metrics: '["msd", "ssd"]' },
  channels: { train: { "part-0.csv": rows(300, 0), "part-1.csv": rows(150, 7) }, test: { "rows.csv": rows(90, 3) } },
  endless: { epochs: "1000000" },
  hasBegun: /#progress_metric/,
  request: {
    body: '{"instances":[{"features":[0.5,0.5]},{"features":[10.5,0.5]},{"features":[10.5,0.5]}]}',
    contentType: "application/json",
  },
  check: (body) => {
    const [first, second, third] = JSON.parse(body).predictions;
    assert.deepEqual(Object.keys(first), ["closest_cluster", "distance_to_cluster"]);
    assert.notEqual(first.closest_cluster, second.closest_cluster);
    assert.deepEqual(second, third);
    assert.ok(first.distance_to_cluster < 0.2);
  },
  malformed: '{"instances":[{"features":[1]}]}',
});
