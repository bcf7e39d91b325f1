import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeRecord } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import { type ChannelFiles } from "../testing/container-process.ts";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { factorizationMachinesImage } from "./factorization-machines.ts";

const USERS = 6;
const ITEMS = 6;
const recordIo = "application/x-recordio-protobuf";

/** Sparse rows of a user and an item; the label says whether both are even or odd, which no single column tells. */
function records(count: number, label: (isSame: boolean) => number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, row) => {
      const [user, item] = [(row * 7) % USERS, (row * 11 + Math.floor(row / USERS)) % ITEMS];
      return encodeRecord({
        features: { values: { values: [1, 1], keys: [user, USERS + item], width: USERS + ITEMS } },
        label: { values: { values: [label(user % 2 === item % 2)] } },
      });
    }),
  );
}

const channelsOf = (label: (isSame: boolean) => number): ChannelFiles => ({
  train: { "matrix_0.pbr": records(180, label), "matrix_1.pbr": records(180, label) },
  test: { "matrix_0.pbr": records(72, label) },
});
const learnable = {
  feature_dim: String(USERS + ITEMS),
  num_factors: "4",
  epochs: "60",
  mini_batch_size: "30",
  linear_lr: "0.05",
  factors_lr: "0.05",
  factors_init_sigma: "0.1",
};
/** A request of rows of one user and one item. */
const request = (...pairs: readonly (readonly [number, number])[]): string =>
  JSON.stringify({
    instances: pairs.map(([user, item]) => ({
      data: { features: { values: [1, 1], keys: [user, USERS + item], shape: [USERS + ITEMS] } },
    })),
  });

testImage({
  image: factorizationMachinesImage,
  hyperparameters: { ...learnable, predictor_type: "binary_classifier" },
  channels: channelsOf(Number),
  metrics: factorizationMachinesImage.metrics.map(({ name }) => name).filter((name) => name.includes("binary")),
  trainingContentType: recordIo,
  endless: { epochs: "1000000" },
  hasBegun: /#progress_metric/,
  request: { body: request([0, 2], [0, 3]), contentType: "application/json" },
  check: (body) => {
    const { predictions } = JSON.parse(body);
    assert.deepEqual(
      predictions.map(({ predicted_label }: { predicted_label: number }) => predicted_label),
      [1, 0],
    );
    assert.ok(predictions[0].score > 0.8 && predictions[1].score < 0.2, body);
  },
  malformed: '{"instances":[{"features":[1]}]}',
});

describe("factorization-machines: a regressor", () => {
  const train = async (hyperparameters: Readonly<Record<string, string>>, contentType = recordIo) => {
    const channels = channelsOf((isSame) => (isSame ? 4 : 2));
    await using trained = await trainInProcess(factorizationMachinesImage, { hyperparameters, channels, contentType });
    const model = await trained.load();
    const { body } = model.invoke({
      body: Buffer.from(request([1, 3], [1, 2])),
      contentType: "application/json",
      accept: "",
    });
    model.close();
    return { lines: trained.lines, predictions: JSON.parse(String(body)).predictions };
  };
  const regressor = { ...learnable, predictor_type: "regressor" };

  test("answers with the value alone and logs the figures of both channels", async () => {
    const { lines, predictions } = await train({ ...regressor, bias_init_method: "constant", bias_init_value: "3" });
    assert.deepEqual(Object.keys(predictions[0]), ["score"]);
    assert.ok(Math.abs(predictions[0].score - 4) < 0.4 && Math.abs(predictions[1].score - 2) < 0.4);
    for (const { name, regex } of factorizationMachinesImage.metrics.filter(({ name }) => /se$|absolute/.test(name))) {
      assert.ok(
        lines.some((line) => Number.isFinite(Number.parseFloat(line.match(regex)?.[1] ?? ""))),
        name,
      );
    }
    assert.match(lines.join("\n"), /^#test_score \(algo-1\) : \('rmse', \S+\)$/m);
  });

  test("other numbers of columns, and CSV, are refused", async () => {
    await assert.rejects(train({ ...regressor, feature_dim: "5" }), ClientError);
    await assert.rejects(train(regressor, "text/csv"), /text\/csv/);
  });
});
