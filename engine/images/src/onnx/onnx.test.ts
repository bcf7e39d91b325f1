import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ClientError } from "../client-error.ts";
import type { LoadedModel } from "../image.ts";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { onnxImage } from "./onnx.ts";
import { toTensor } from "./onnx-tensors.ts";

/** Rows `label,x,y,category`: whether x and y have the same sign, turned around for category 2. */
function rows(count: number): string {
  return Array.from({ length: count }, (_, row) => {
    const [x, y, category] = [((row * 37) % 101) / 50 - 1, ((row * 61) % 103) / 51 - 1, row % 3];
    return `${Number(x * y > 0 !== (category === 2))},${x},${y},${category}\n`;
  }).join("");
}

testImage({
  image: onnxImage,
  hyperparameters: {
    predictor_type: "binary_classifier",
    hidden_layers: "32,16",
    categorical_columns: "2",
    epochs: "40",
    mini_batch_size: "64",
    learning_rate: "0.01",
    early_stopping_patience: "40",
  },
  channels: { train: { "rows.csv": rows(1500) }, validation: { "rows.csv": rows(200) } },
  metrics: ["train:loss", "validation:loss", "validation:accuracy"],
  trainingContentType: "text/csv",
  endless: { epochs: "1000000", early_stopping_patience: "1000000" },
  hasBegun: /#progress_metric/,
  request: { body: "0.6,0.6,0\n0.6,-0.6,0\n0.6,0.6,2\n", contentType: "text/csv" },
  check: (body) => {
    const { predictions } = JSON.parse(body) as { predictions: { predicted_label: number }[] };
    assert.deepEqual(
      predictions.map(({ predicted_label }) => predicted_label),
      [1, 0, 0],
    );
  },
  malformed: "0.5,0.5\n",
});

/** A model that was made elsewhere: y = 2a − b of rows, and the count of what is greater than 0. `testing/make_linear.py` wrote it. */
const LINEAR = Buffer.from(
  "CAg6tQEKJwoIZmVhdHVyZXMKB3dlaWdodHMSBnNjb3JlcxoEZ2VtbSIER2VtbQoVCgZzY29yZXMSBXNpZ25zIgRTaWduEgZsaW5lYXIqGQgCCAEQASIIAAAAQAAAgL9CB3dlaWdodHNaGwoIZmVhdHVyZXMSDwoNCAESCQoDEgFuCgIIAmIZCgZzY29yZXMSDwoNCAESCQoDEgFuCgIIAWIYCgVzaWducxIPCg0IARIJCgMSAW4KAggBQgQKABAR",
  "base64",
);

async function loadForeign(bytes: Buffer, names: readonly string[] = ["model.onnx"]): Promise<LoadedModel> {
  const directory = await mkdtemp(join(tmpdir(), "rondo-onnx-"));
  try {
    for (const name of names) await writeFile(join(directory, name), bytes);
    return await onnxImage.load(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function ask(model: LoadedModel, body: string, contentType = "application/json") {
  const response = await model.invokeInSlices({ body: Buffer.from(body), contentType, accept: "" });
  return { status: response.status, answer: JSON.parse(Buffer.from(response.body).toString()) as unknown };
}

describe("onnx: models from elsewhere", () => {
  test("rows in any format, or named tensors", async () => {
    const model = await loadForeign(LINEAR);
    assert.equal(model.isSlow, true);
    const predictions = [
      { scores: 5, signs: 1 },
      { scores: -1, signs: -1 },
    ];
    assert.deepEqual(await ask(model, '{"instances":[{"features":[3,1]},{"features":[0,1]}]}'), {
      status: 200,
      answer: { predictions },
    });
    assert.deepEqual((await ask(model, "3,1\n0,1\n", "text/csv")).answer, { predictions });
    assert.deepEqual((await ask(model, '{"inputs":{"features":[[3,1],[0,1]]}}')).answer, {
      outputs: { scores: [[5], [-1]], signs: [[1], [-1]] },
    });
    model.close();
  });

  test("what does not fit is refused with what the model takes", async () => {
    const model = await loadForeign(LINEAR);
    const refused = async (body: string, message: RegExp): Promise<void> => {
      const { status, answer } = await ask(model, body);
      assert.equal(status, 400);
      assert.match((answer as { error: string }).error, message);
    };
    await refused('{"inputs":{"features":[[3,1],[0]]}}', /lists of the input features are not of equal length/);
    await refused('{"inputs":{"features":[[3,1],[0],[1,2,3]]}}', /lists of the input features are not of equal length/);
    await refused('{"inputs":{"features":[[3,null]]}}', /holds null where the model takes an element/);
    await refused('{"inputs":{"features":[[3,{}]]}}', /holds an object where/);
    await refused(`{"inputs":{"features":[[3,${"[".repeat(1e5)}${"]".repeat(1e5)}]]}}`, /holds a list where/);
    await refused('{"inputs":{"features":[[3,1,2]]}}', /has the shape \[1, 3\]; the model takes \[n, 2\]/);
    await refused('{"inputs":{"features":[["a",1]]}}', /holds "a"; the model takes numbers/);
    await refused('{"inputs":{"other":[[1,1]]}}', /no input other; it has features/);
    await refused('{"inputs":{}}', /input features is missing/);
    await refused('{"inputs":[1]}', /"inputs" must be an object/);
    await refused("{", /not JSON/);
    model.close();
    await assert.rejects(ask(model, '{"inputs":{"features":[[3,1]]}}'), /closed/);
  });

  test("integers are taken as they are or refused", () => {
    const input = { name: "ids", shape: ["n"] };
    assert.deepEqual(
      toTensor({ ...input, type: "int64" }, [1, -2, 2 ** 53 - 1]).data,
      BigInt64Array.of(1n, -2n, 2n ** 53n - 1n),
    );
    assert.deepEqual(toTensor({ ...input, type: "int32" }, [-(2 ** 31)]).data, Int32Array.of(-(2 ** 31)));
    for (const [type, value] of [
      ["int64", 1.5],
      ["int64", Number.POSITIVE_INFINITY],
      ["int32", 2 ** 31],
      ["int32", 0.5],
    ] as const) {
      assert.throws(() => toTensor({ ...input, type }, [value]), {
        name: "ClientError",
        message: /model takes integers/,
      });
    }
  });

  test("an archive without one model, and a file that is none, are refused", async () => {
    await assert.rejects(
      loadForeign(LINEAR, ["a.onnx", "b.onnx"]),
      /must hold one file that ends with .onnx; there is a.onnx, b.onnx/,
    );
    await assert.rejects(loadForeign(LINEAR, ["model.bin"]), /there is none/);
    await assert.rejects(loadForeign(Buffer.from("no model")), (error) => {
      return error instanceof ClientError && /cannot be loaded/.test(error.message);
    });
  });

  test("categorical columns must be there and hold numbers of categories", async () => {
    const fitting = async (columns: string): Promise<void> => {
      const hyperparameters = { predictor_type: "binary_classifier", categorical_columns: columns };
      const channels = { train: { "rows.csv": rows(10) } };
      await using _trained = await trainInProcess(onnxImage, { hyperparameters, channels, contentType: "text/csv" });
    };
    await assert.rejects(fitting("7"), /names the column 7; the channel train has 3/);
    await assert.rejects(
      fitting("0"),
      /Column 0 of row 0 of the channel train is -1; a categorical column holds numbers from 0/,
    );
    await assert.rejects(
      (async () => {
        const hyperparameters = { predictor_type: "binary_classifier", categorical_columns: "1" };
        const channels = { train: { "rows.csv": "1,0.5,1\n0,0.5,4000000000\n" } };
        await using _trained = await trainInProcess(onnxImage, { hyperparameters, channels, contentType: "text/csv" });
      })(),
      /Column 1 of row 1 of the channel train is 4000000000; a categorical column has at most 10000/,
    );
    await assert.rejects(fitting("a"), /has the value "a"; it must be numbers of columns/);
  });
});
