import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ClientError } from "../client-error.ts";
import { type ChannelFiles } from "../testing/container-process.ts";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { linearLearnerImage } from "./linear-learner.ts";

/** Rows `label,x,y` on a grid: above or below the line x + 2y = 1, with the distance for regression and thirds for classes. */
function rows(label: (distance: number) => number, count = 200): string {
  return Array.from({ length: count }, (_, row) => {
    const [x, y] = [((row * 37) % 100) / 50 - 1, ((row * 61) % 100) / 50 - 1];
    return `${label(x + 2 * y - 1)},${x},${y}\n`;
  }).join("");
}

const isAbove = (distance: number): number => Number(distance > 0);
const channelsOf = (label: (distance: number) => number): ChannelFiles => ({
  train: { "part-0.csv": rows(label, 300), "part-1.csv": rows(label, 100) },
  validation: { "rows.csv": rows(label, 150) },
  test: { "rows.csv": rows(label, 120) },
});
const isOfBinary = (name: string): boolean => /objective_loss|binary|:precision|:recall|roc_auc/.test(name);

testImage({
  image: linearLearnerImage,
  hyperparameters: { predictor_type: "binary_classifier", feature_dim: "2", mini_batch_size: "50" },
  channels: channelsOf(isAbove),
  metrics: linearLearnerImage.metrics.map(({ name }) => name).filter(isOfBinary),
  trainingContentType: "text/csv",
  endless: { epochs: "1000000", early_stopping_patience: "1000000" },
  hasBegun: /#progress_metric/,
  request: { body: '{"instances":[{"features":[1,1]},{"features":[-1,-1]}]}', contentType: "application/json" },
  check: (body) => {
    const { predictions } = JSON.parse(body);
    assert.deepEqual(
      predictions.map(({ predicted_label }: { predicted_label: number }) => predicted_label),
      [1, 0],
    );
    assert.ok(predictions[0].score > 0.9 && predictions[1].score < 0.1);
  },
  malformed: '{"instances":[{"features":[1]}]}',
});

/** Trains in this process and asks the model. */
async function trainAndAsk(hyperparameters: Readonly<Record<string, string>>, channels: ChannelFiles, body: string) {
  await using trained = await trainInProcess(linearLearnerImage, {
    hyperparameters,
    channels,
    contentType: "text/csv",
  });
  const model = await trained.load();
  const { status, body: answer } = model.invoke({ body: Buffer.from(body), contentType: "text/csv", accept: "" });
  model.close();
  assert.equal(status, 200, String(answer));
  const artifact = await readFile(join(trained.modelDirectory, "model_algo-1"));
  return { lines: trained.lines, predictions: JSON.parse(String(answer)).predictions, artifact };
}

describe("linear-learner: predictor types", () => {
  const logged = (lines: readonly string[], kind: (name: string) => boolean): void => {
    for (const { name, regex } of linearLearnerImage.metrics.filter((metric) => kind(metric.name))) {
      assert.ok(
        lines.some((line) => Number.isFinite(Number.parseFloat(line.match(regex)?.[1] ?? ""))),
        `${name}:\n${lines.join("\n")}`,
      );
    }
  };

  test("multiclass_classifier: a score for each class", async () => {
    const thirds = (distance: number): number => (distance < -1.5 ? 0 : distance < 0 ? 1 : 2);
    const { lines, predictions } = await trainAndAsk(
      { predictor_type: "multiclass_classifier", num_classes: "3", mini_batch_size: "50" },
      channelsOf(thirds),
      "1,1\n-1,-1\n",
    );
    assert.equal(predictions[0].score.length, 3);
    assert.deepEqual([predictions[0].predicted_label, predictions[1].predicted_label], [2, 0]);
    logged(lines, (name) => /objective_loss|multiclass|dcg|macro/.test(name));
  });

  test("regressor: the value alone, and the lines that AWS writes", async () => {
    const { lines, predictions, artifact } = await trainAndAsk(
      { predictor_type: "regressor", mini_batch_size: "50" },
      channelsOf((distance) => distance),
      "1,1\n",
    );
    assert.deepEqual(Object.keys(predictions[0]), ["score"]);
    assert.ok(Math.abs(predictions[0].score - 2) < 0.1, `${predictions[0].score}`);
    logged(lines, (name) => /objective_loss|absolute|:mse|rmse|mae|r2/.test(name));
    const text = lines.join("\n");
    assert.match(text, /^#quality_metric: host=algo-1, epoch=0, train mse_objective <loss>=\S+$/m);
    assert.match(text, /^#quality_metric: host=algo-1, validation rmse <loss>=\S+$/m);
    assert.match(text, /^#validation_score \(algo-1\) : \('mse_objective', \S+\)$/m);
    assert.match(text, /^#progress_metric: host=algo-1, completed \d+\.\d % of epochs$/m);
    assert.equal(JSON.parse(artifact.toString("latin1").split("\n")[0] ?? "").format, "rondo-linear-model/1");
  });

  test("every loss and its hyperparameters reach the algorithm", async () => {
    const losses = [
      "absolute_loss",
      "eps_insensitive_squared_loss",
      "eps_insensitive_absolute_loss",
      "quantile_loss",
      "huber_loss",
    ];
    for (const loss of losses) {
      const { lines } = await trainAndAsk(
        { predictor_type: "regressor", loss, quantile: "0.7", huber_delta: "0.5", mini_batch_size: "50" },
        channelsOf((distance) => distance),
        "0,0\n",
      );
      assert.match(lines.join("\n"), new RegExp(`train ${loss}_objective <loss>=`));
    }
  });

  test("what cannot be is refused with its name", async () => {
    const train = (values: Record<string, string>) => trainAndAsk(values, channelsOf(isAbove), "0,0\n");
    const refused = async (values: Record<string, string>, message: RegExp): Promise<void> => {
      await assert.rejects(train(values), (error) => error instanceof ClientError && message.test(error.message));
    };
    await refused({ predictor_type: "multiclass_classifier" }, /num_classes is required/);
    await refused({ predictor_type: "regressor", loss: "logistic" }, /loss is logistic; a regressor has one of/);
    await refused({ predictor_type: "binary_classifier", feature_dim: "3" }, /3/);
  });

  test("a file that is no model of ours is refused", async () => {
    const directory = await mkdtemp(join(tmpdir(), "rondo-linear-"));
    await assert.rejects(linearLearnerImage.load(directory), /no file model_algo-1/);
    await rm(directory, { recursive: true });
  });
});
