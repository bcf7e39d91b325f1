import assert from "node:assert/strict";
import { test } from "node:test";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { pcaImage } from "./pca.ts";

/** Rows along (3, 4) with a mean of (1, 2), and less along (4, -3). */
function rows(count: number): string {
  return Array.from({ length: count }, (_, row) => {
    const [along, across] = [((row * 37) % 101) / 50 - 1, (((row * 61) % 103) / 51 - 1) / 10];
    return `${1 + 3 * along + 4 * across},${2 + 4 * along - 3 * across}\n`;
  }).join("");
}

const hyperparameters = { feature_dim: "2", mini_batch_size: "100", num_components: "2" };
const channels = { train: { "rows.csv": rows(400) }, test: { "rows.csv": rows(100) } };

testImage({
  image: pcaImage,
  trainingContentType: "text/csv",
  hyperparameters,
  channels,
  endless: {},
  hasBegun: /#progress_metric/,
  request: { body: '{"instances":[{"features":[4,6]},{"features":[1,2]}]}', contentType: "application/json" },
  check: (body) => {
    const [far, mean] = JSON.parse(body).projections;
    // The component of the greatest variance is the last.
    assert.ok(Math.abs(far.projection[1] - 5) < 0.2 && Math.abs(far.projection[0]) < 0.2, body);
    assert.ok(mean.projection.every((value: number) => Math.abs(value) < 0.2));
  },
  malformed: '{"instances":[{"features":[1]}]}',
});

test("randomized with one component: what it explains, and what is lost", async () => {
  const values = { ...hyperparameters, num_components: "1", algorithm_mode: "randomized", extra_components: "1" };
  await using trained = await trainInProcess(pcaImage, { hyperparameters: values, channels, contentType: "text/csv" });
  const { lines } = trained;
  const logged = (name: string): number =>
    Number(
      lines.map((line) => line.match(new RegExp(`${name} <\\w+>=(\\S+)`))?.[1]).find((value) => value !== undefined),
    );
  assert.ok(logged("explained_variance_ratio") > 0.98);
  // Half of the variance across, which is 25/100 · 1/3.
  const lost = logged("reconstruction_mse");
  assert.ok(Math.abs(lost - 0.5 * (0.25 / 3)) < 0.01, `${lost}`);
  const model = await trained.load();
  const { body } = model.invoke({ body: Buffer.from("4,6\n"), contentType: "text/csv", accept: "text/csv" });
  assert.ok(Math.abs(Number(body) - 5) < 0.2);
});
