import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { fastText, quantiseFastText } from "@rondo/learn";
import type { InvocationResponse, LoadedModel, TrainingContext } from "../image.ts";
import { type ChannelFiles, createContainerDirectory } from "../testing/container-process.ts";
import { testImage } from "../testing/image-suite.ts";
import { type TrainedInProcess, trainInProcess } from "../testing/train-in-process.ts";
import { blazingText } from "./blazingtext.ts";

const examples = (count: number): string =>
  "__label__1 it works very well\n__label__2 it broke after a day\n".repeat(count);
const quick = { mode: "supervised", vector_dim: "8", epochs: "10", learning_rate: "0.5", buckets: "1000" };

testImage({
  image: blazingText,
  hyperparameters: quick,
  channels: { train: { "a.txt": examples(100), "more/b.txt": examples(50) }, validation: { "v.txt": examples(10) } },
  endless: { epochs: "1000000" },
  hasBegun: /Progress/,
  metrics: ["train:accuracy", "validation:accuracy"],
  request: { body: '{"instances":["works well","it broke"],"configuration":{"k":1}}', contentType: "application/json" },
  check: (body) => {
    const answers = JSON.parse(body) as { label: string[]; prob: number[] }[];
    assert.deepEqual(
      answers.map(({ label }) => label),
      [["__label__1"], ["__label__2"]],
    );
    assert.ok(answers.every(({ prob }) => prob.length === 1 && (prob[0] ?? 0) > 0.5));
  },
  malformed: '{"instances":[1]}',
});

function train(
  hyperparameters: Record<string, string>,
  channels: ChannelFiles,
  context: Partial<TrainingContext> = {},
): Promise<TrainedInProcess> {
  return trainInProcess(blazingText, { ...context, hyperparameters, channels });
}

const invoke = (model: LoadedModel, body: string, contentType = "application/json", accept = ""): InvocationResponse =>
  model.invoke({ body: Buffer.from(body), contentType, accept });

describe("blazingtext: training", () => {
  test("defaults are those of the developer guide", () => {
    const defaults = Object.fromEntries(
      blazingText.hyperparameters.map((definition) => [definition.name, definition.default]),
    );
    assert.deepEqual(defaults, {
      mode: undefined,
      batch_size: "11",
      buckets: "2000000",
      early_stopping: "False",
      epochs: "5",
      evaluation: "True",
      learning_rate: "0.05",
      max_char: "6",
      min_char: "3",
      min_count: "5",
      min_epochs: "5",
      negative_samples: "5",
      patience: "4",
      sampling_threshold: "0.0001",
      subwords: "False",
      vector_dim: "100",
      window_size: "5",
      word_ngrams: "2",
    });
  });

  test("hyperparameters of the other mode have no effect, and the log says so", async () => {
    const quiet = await train({ ...quick, subwords: "True" }, { train: { a: examples(9) } });
    assert.ok(quiet.lines.includes("The hyperparameter subwords has no effect in mode supervised."));
    await quiet[Symbol.asyncDispose]();
  });

  test("text without labels, compressed files and early stopping without validation are refused with the reason", async () => {
    await assert.rejects(train(quick, { train: { a: "just some words\n" } }), {
      name: "ClientError",
      message: /__label__/,
    });
    await assert.rejects(train(quick, { train: { a: gzipSync(examples(9)) } }), {
      name: "ClientError",
      message: /compressed/,
    });
    await assert.rejects(
      train({ ...quick, early_stopping: "True" }, { train: { a: examples(1) } }),
      /channel validation/,
    );
    await assert.rejects(train({ ...quick, buckets: "2000000000" }, { train: { a: examples(9) } }), /MiB/);
  });

  test("augmented manifests: JSON lines with one label or several give the same model as text", async () => {
    const lines = Array.from({ length: 50 }, (_, index) => ({
      source: index % 2 ? "it works" : "it broke",
      label: index % 2,
    }));
    const manifest = lines.map((line) => JSON.stringify(line)).join("\n");
    const text = lines.map(({ source, label }) => `__label__${label} ${source}\n`).join("");
    await using fromManifest = await train(quick, { train: { a: manifest } });
    await using fromText = await train(quick, { train: { a: text } });
    const [first, second] = await Promise.all(
      [fromManifest, fromText].map(({ modelDirectory }) => readFile(join(modelDirectory, "model.bin"))),
    );
    assert.equal(Buffer.compare(first as Buffer, second as Buffer), 0);
    await assert.rejects(train(quick, { train: { a: `${manifest}\n{"source": 1}\n` } }), /Line 51 of .*source/);
  });

  test("a file that ends without a newline does not run into the next", async () => {
    await using trained = await train(
      { ...quick, min_count: "1" },
      { train: { a: "__label__1 well", b: "__label__2 broke" } },
    );
    assert.ok(trained.lines.includes("Number of labels: 2"));
    assert.ok(trained.lines.includes("Number of train examples: 2"));
  });

  test("early stopping logs each epoch and keeps the best", async () => {
    const channels = { train: { a: examples(100) }, validation: { a: examples(10) } };
    const values = { ...quick, epochs: "1000", early_stopping: "True", min_epochs: "3", patience: "2" };
    await using trained = await train(values, channels);
    const epochs = trained.lines.filter((line) => line.startsWith("-------------- End of epoch"));
    assert.ok(epochs.length >= 3 && epochs.length < 1000);
    assert.ok(trained.lines.includes("#validation_accuracy: 1.0000"));
    assert.ok(trained.lines.includes("Number of validation examples: 20"));
  });
});

describe("blazingtext: answers", () => {
  test("a quantised model made elsewhere is served when it is the only one", async () => {
    const settings = { vectorDim: 8, wordNgrams: 2, buckets: 1000, learningRate: 0.5, epochs: 10 };
    const context = { seed: 0, threads: 1 };
    const model = await fastText.fit(settings, { train: [Buffer.from(examples(100))] }, context);
    const small = await quantiseFastText(model, {}, {}, context);
    await using directory = await createContainerDirectory({}, {});
    await writeFile(join(directory.path, "opinions.ftz"), Buffer.concat([...fastText.encode(small)]));
    const served = await blazingText.load(directory.path);
    const [answer] = JSON.parse(String(invoke(served, '{"instances":["it works"]}').body)) as { label: string[] }[];
    assert.deepEqual(answer?.label, ["__label__1"]);
    await writeFile(join(directory.path, "other.bin"), "");
    await assert.rejects(blazingText.load(directory.path), /are several/);
  });

  test("k labels, most probable first; all there are for a large k", async () => {
    await using trained = await train(quick, { train: { a: examples(100) } });
    const model = await trained.load();
    const { body, status } = invoke(model, '{"instances":["it works"],"configuration":{"k":5}}');
    const [answer] = JSON.parse(String(body)) as { label: string[]; prob: number[] }[];
    assert.equal(status, 200);
    assert.deepEqual(answer?.label, ["__label__1", "__label__2"]);
    assert.ok((answer?.prob[0] ?? 0) > (answer?.prob[1] ?? 1));
  });

  test("the fast way of one short instance answers what the general way does", async () => {
    await using trained = await train(quick, { train: { a: examples(100) } });
    const model = await trained.load();
    for (const text of ["it works", "", "caf\u00e9 \u4f60\u597d", "tab\there", 'with "quotes" and \\', "] } ["]) {
      const compact = JSON.stringify({ instances: [text] });
      const general = JSON.stringify({ configuration: { k: 1 }, instances: [text] });
      const spaced = compact.replace(":", ": ");
      assert.deepEqual(invoke(model, compact), invoke(model, general), text);
      assert.deepEqual(invoke(model, spaced), invoke(model, general), text);
    }
  });

  test("JSON lines in, JSON lines out; JSON in, JSON lines out when asked", async () => {
    await using trained = await train(quick, { train: { a: examples(100) } });
    const model = await trained.load();
    const lines = '{"source":"it works"}\n\n{"source":"it broke","k":2}\n';
    const { status, contentType, body } = invoke(model, lines, "application/jsonlines");
    assert.deepEqual([status, contentType], [200, "application/jsonlines"]);
    const answers = String(body)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { label: string[] });
    assert.deepEqual(
      answers.map(({ label }) => label),
      [["__label__1"], ["__label__2", "__label__1"]],
    );
    const accepted = invoke(model, '{"instances":["a","b"]}', "application/json", "application/jsonlines");
    assert.equal(String(accepted.body).split("\n").length, 3);
  });

  test("a large request answers the same in slices, and others have their turn meanwhile", async () => {
    await using trained = await train(quick, { train: { a: examples(100) } });
    const model = await trained.load();
    const texts = Array.from({ length: 20_000 }, (_, index) => `it works ${index}`);
    const lines = texts.map((source) => JSON.stringify({ source }));
    for (const [body, contentType] of [
      [JSON.stringify({ instances: texts }), "application/json"],
      [lines.join("\n"), "application/jsonlines"],
      [[...lines, "{}"].join("\n"), "application/jsonlines"],
    ] as const) {
      let turns = 0;
      const taking = setInterval(() => (turns += 1), 0);
      const sliced = await model.invokeInSlices({ body: Buffer.from(body), contentType, accept: "" });
      clearInterval(taking);
      assert.deepEqual(sliced, invoke(model, body, contentType));
      assert.ok(turns > 5, `${turns} turns`);
    }
  });

  test("what is wrong with a request is said", async () => {
    await using trained = await train(quick, { train: { a: examples(100) } });
    const model = await trained.load();
    for (const [body, message] of [
      ["", /not JSON/],
      ["[]", /of the form/],
      ["null", /JSON object/],
      ["{}", /of the form/],
      ['{"instances":"text"}', /of the form/],
      ['{"instances":["a",{}]}', /Instance 2/],
      ['{"instances":["a"],"configuration":{"k":0}}', /k must be/],
      ['{"instances":["a"],"configuration":{"k":"2"}}', /k must be/],
    ] as const) {
      const answer = invoke(model, body);
      assert.equal(answer.status, 400, body);
      assert.match(String(answer.body), message);
    }
    assert.equal(invoke(model, "a,b", "text/csv").status, 415);
    assert.equal(invoke(model, '{"k":1}', "application/jsonlines").status, 400);
  });
});
