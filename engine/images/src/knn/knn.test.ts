import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { knnImage } from "./knn.ts";

/** Rows `label,x,y` on a grid; the label says whether x + y is above 1. */
function rows(count: number, shift: number): string {
  return Array.from({ length: count }, (_, row) => {
    const [x, y] = [((row * 37 + shift) % 100) / 100, ((row * 61 + shift) % 100) / 100];
    return `${x + y > 1 ? 1 : 0},${x},${y}\n`;
  }).join("");
}

const hyperparameters = { k: "3", feature_dim: "2", predictor_type: "classifier", sample_size: "1000" };
const channels = {
  train: { "part-0.csv": rows(300, 0), "part-1.csv": rows(150, 7) },
  test: { "rows.csv": rows(90, 3) },
};

testImage({
  image: knnImage,
  trainingContentType: "text/csv",
  hyperparameters,
  channels,
  metrics: ["test:accuracy"],
  endless: {},
  hasBegun: /#progress_metric/,
  request: { body: '{"instances":[{"features":[0.2,0.2]},{"features":[0.9,0.9]}]}', contentType: "application/json" },
  check: (body) =>
    assert.deepEqual(JSON.parse(body), { predictions: [{ predicted_label: 0 }, { predicted_label: 1 }] }),
  malformed: '{"instances":[{"features":[1]}]}',
});

async function trainAndAsk(given: Readonly<Record<string, string>>, accept: string) {
  const values = { ...hyperparameters, ...given };
  await using trained = await trainInProcess(knnImage, { hyperparameters: values, channels, contentType: "text/csv" });
  const model = await trained.load();
  const answer = model.invoke({ body: Buffer.from("0.9,0.9\n"), contentType: "text/csv", accept });
  model.close();
  return { lines: trained.lines.join("\n"), body: String(answer.body) };
}

describe("knn", () => {
  test("verbose=true: distances and labels, the nearest first", async () => {
    const { body } = await trainAndAsk({}, "application/json; verbose=true");
    const [{ predicted_label, distances, labels }] = JSON.parse(body).predictions;
    assert.deepEqual([predicted_label, labels], [1, [1, 1, 1]]);
    assert.deepEqual(
      distances,
      distances.toSorted((left: number, right: number) => left - right),
    );
  });

  test("regressor: the mean squared error", async () => {
    const { lines } = await trainAndAsk({ predictor_type: "regressor" }, "");
    assert.match(lines, /^#quality_metric: host=algo-1, test mse <loss>=0\.\d+$/m);
  });

  const variants: readonly Readonly<Record<string, string>>[] = [
    { index_type: "faiss.IVFFlat", index_metric: "COSINE", faiss_index_ivf_nlists: "4" },
    { index_type: "faiss.IVFPQ", faiss_index_pq_m: "2" },
    { dimension_reduction_type: "sign", dimension_reduction_target: "1" },
  ];
  for (const given of variants) {
    test(`${JSON.stringify(given)} reaches the algorithm`, async () => {
      const { lines } = await trainAndAsk(given, "");
      assert.match(lines, /test accuracy <score>=0\.\d+$/m);
    });
  }

  test("what belongs together is asked for", async () => {
    await assert.rejects(trainAndAsk({ dimension_reduction_type: "fjlt" }, ""), /dimension_reduction_target/);
    await assert.rejects(trainAndAsk({ index_type: "faiss.IVFPQ" }, ""), /faiss_index_pq_m/);
  });
});
