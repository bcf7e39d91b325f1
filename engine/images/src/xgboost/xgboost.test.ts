import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { decodeXgboostModel } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import { runTraining } from "../container-training.ts";
import { findImage } from "../find-image.ts";
import type { LoadedModel, ServingEnvironment } from "../image.ts";
import { type ChannelFiles, createContainerDirectory } from "../testing/container-process.ts";
import { testImage } from "../testing/image-suite.ts";
import { sagemakerXgboost, xgboost } from "./xgboost.ts";
import { loadXgboost } from "./xgboost-serving.ts";

/** Rows `label,x0,x1,x2` of y = 1 where x0 > 0.5, whatever the others are. */
function rows(count: number, label: (x0: number, row: number) => number, offset = 0): string {
  const fraction = (row: number, factor: number): number => ((row + offset + 1) * factor) % 1;
  return Array.from({ length: count }, (_, row) => {
    const [x0, x1] = [fraction(row, 0.618), fraction(row, 0.755)];
    return `${label(x0, row)},${x0.toFixed(4)},${x1.toFixed(4)},${row % 7 === 0 ? "" : row % 5}\n`;
  }).join("");
}

const isHigh = (x0: number): number => Number(x0 > 0.5);
const channels: ChannelFiles = {
  train: { "train.csv": rows(200, isHigh) },
  validation: { "v.csv": rows(60, isHigh, 500) },
};
const parameters = { objective: "binary:logistic", num_round: "8", max_depth: "2", eval_metric: "auc,error,logloss" };

testImage({
  image: sagemakerXgboost,
  hyperparameters: parameters,
  channels,
  trainingContentType: "text/csv",
  endless: { num_round: "1000000", max_depth: "8" },
  metrics: ["train:auc", "train:error", "train:logloss", "validation:auc", "validation:error", "validation:logloss"],
  hasBegun: /^\[0\]#011train-auc:/,
  request: { body: "0.9,0.1,2\n0.1,0.1,\n", contentType: "text/csv" },
  check: (body) => {
    const scores = body.split(",").map(Number);
    assert.equal(scores.length, 2, body);
    assert.ok((scores[0] as number) > 0.8 && (scores[1] as number) < 0.2, body);
  },
  malformed: "0.9,0.1\n",
});

test("the first image is the same algorithm", () => {
  const { repository: _repository, tags, ...algorithm } = xgboost;
  const { repository: _other, tags: _tags, ...newer } = sagemakerXgboost;
  assert.deepEqual(algorithm, newer);
  for (const tag of tags)
    assert.equal(findImage(`811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:${tag}`), xgboost);
});

/** Trains as the container does, in this process; returns what it wrote and how it loads. */
async function train(
  hyperparameters: Readonly<Record<string, string>>,
  files: ChannelFiles = channels,
  contentType = "text/csv",
) {
  const directory = await createContainerDirectory(hyperparameters, files, contentType);
  const lines: string[] = [];
  const exitCode = await runTraining(sagemakerXgboost, {
    directory: directory.path,
    variables: { OMP_NUM_THREADS: "1" },
    signal: new AbortController().signal,
    clock: { now: () => new Date(0) },
    log: (line) => void lines.push(line),
  });
  const failure = await readFile(join(directory.path, "output", "failure"), "utf8").catch(() => "");
  const model = join(directory.path, "model");
  return {
    lines,
    exitCode,
    failure,
    files: await readdir(model).catch(() => []),
    load: (environment?: ServingEnvironment): Promise<LoadedModel> => loadXgboost(model, environment),
    read: async (name: string) => {
      const file = await readFile(join(model, name));
      return decodeXgboostModel({ chunks: [file], byteLength: file.length });
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

function ask(model: LoadedModel, body: string, { contentType = "text/csv", accept = "" } = {}) {
  const { status, contentType: type, body: answer } = model.invoke({ body: Buffer.from(body), contentType, accept });
  return { status, type, text: Buffer.from(answer).toString() };
}

describe("training", () => {
  test("a line for each round as XGBoost's container writes them", async () => {
    await using trained = await train({ num_round: "3", eta: "0.5" });
    assert.equal(trained.exitCode, 0, trained.lines.join("\n"));
    const line = /^\[\d\]#011train-rmse:\d\.\d{5}#011validation-rmse:\d\.\d{5}$/;
    assert.equal(trained.lines.filter((text) => line.test(text)).length, 3, trained.lines.join("\n"));
    assert.ok(trained.lines.includes("Train matrix has 200 rows and 3 columns"));
    assert.ok(trained.lines.includes("Validation matrix has 60 rows"));
    assert.deepEqual(trained.files, ["xgboost-model"]);
  });

  test("early stopping keeps the best round, and says which", async () => {
    const noise = {
      train: { "t.csv": rows(100, (_, row) => row % 2) },
      validation: { "v.csv": rows(100, (_, row) => (row * 7) % 2, 31) },
    };
    await using trained = await train(
      { num_round: "100", early_stopping_rounds: "3", objective: "binary:logistic" },
      noise,
    );
    const rounds = trained.lines.filter((line) => line.startsWith("[")).length;
    assert.ok(rounds < 100, `${rounds}`);
    const model = await trained.read("xgboost-model");
    const best = Number(model.attributes["best_iteration"]);
    assert.equal(best, rounds - 4);
    assert.ok(model.booster === "gbtree" && model.trees.length === best + 1);
    assert.ok(trained.lines.includes(`Best iteration: [${best}]`));
  });

  test("_kfold: a model of each fold, the mean of their metrics, and one answer of all", async () => {
    await using trained = await train({ ...parameters, _kfold: "3", _num_cv_round: "2" });
    assert.equal(trained.exitCode, 0, trained.lines.join("\n"));
    assert.deepEqual(
      trained.files.toSorted(),
      [0, 1, 2, 3, 4, 5].map((fold) => `xgboost-model-${fold}`),
    );
    assert.match(trained.lines.at(-1) ?? "", /^\[8\]#011train-auc:1\.00000.*#011validation-auc:[01]\.\d{5}/);
    const answer = ask(await trained.load(), "0.9,0.1,2");
    assert.ok(Number(answer.text) > 0.7, answer.text);
  });

  test("gblinear learns a line, with XGBoost's own defaults where nothing is given", async () => {
    const line = Array.from({ length: 50 }, (_, row) => `${3 * row + 2},${row}\n`).join("");
    await using trained = await train({ num_round: "300", booster: "gblinear" }, { train: { "t.csv": line } });
    assert.equal(trained.exitCode, 0, trained.lines.join("\n"));
    const answer = ask(await trained.load(), "100");
    assert.ok(Math.abs(Number(answer.text) - 302) < 0.1, answer.text);
  });

  test("instance weights decide", async () => {
    const weighted = Array.from({ length: 40 }, (_, row) => `${row % 2},${row % 2 === 0 ? 0.1 : 5},1\n`).join("");
    await using trained = await train(
      { num_round: "1", eta: "1", csv_weights: "1", lambda: "0" },
      { train: { "t.csv": weighted } },
    );
    const answer = ask(await trained.load(), "1");
    assert.ok(Math.abs(Number(answer.text) - 5 / 5.1) < 1e-4, answer.text);
  });

  test("libsvm with groups is ranked; what is not written is missing", async () => {
    const lines = Array.from(
      { length: 60 },
      (_, row) => `${row % 3} qid:${Math.floor(row / 6)} 0:${row % 3} 2:${row % 5}\n`,
    ).join("");
    await using trained = await train(
      { num_round: "5", objective: "rank:ndcg", eval_metric: "ndcg@3" },
      { train: { "t.libsvm": lines } },
      "text/libsvm",
    );
    assert.equal(trained.exitCode, 0, trained.lines.join("\n"));
    assert.match(trained.lines.at(-1) ?? "", /^\[4\]#011train-ndcg@3:1\.00000$/);
    const scores = ask(await trained.load(), "0:0\n0:1\n0:2\n", { contentType: "text/libsvm" })
      .text.split(",")
      .map(Number);
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => a - b),
    );
  });

  test("a negative label of survival:aft is the time until which nothing had happened", async () => {
    const lines = Array.from({ length: 80 }, (_, row) => `${row % 4 === 0 ? -8 : 4 + (row % 3)},${row % 2}\n`).join("");
    await using trained = await train({ num_round: "4", objective: "survival:aft" }, { train: { "t.csv": lines } });
    assert.equal(trained.exitCode, 0, trained.lines.join("\n"));
    assert.match(trained.lines.at(-1) ?? "", /^\[3\]#011train-aft-nloglik:/);
  });

  const refusals: readonly (readonly [
    what: string,
    hyperparameters: Readonly<Record<string, string>>,
    message: RegExp,
  ])[] = [
    ["no num_round", {}, /^ClientError: .*num_round is required/],
    ["classes without num_class", { objective: "multi:softmax" }, /num_class/],
    ["num_class without classes", { num_class: "3" }, /num_class is only for multi/],
    ["an unknown metric", { eval_metric: "rmse,no-such" }, /"no-such".*rmse/],
    ["an update of no model", { process_type: "update" }, /process_type/],
    ["labels that the objective cannot have", { objective: "count:poisson" }, /label/],
  ];
  for (const [what, hyperparameters, message] of refusals) {
    test(`${what}: refused`, async () => {
      const rounds: Record<string, string> = what === "no num_round" ? {} : { num_round: "2" };
      const files = what.startsWith("labels") ? { train: { "t.csv": "-1,2\n3,4\n" } } : channels;
      await using trained = await train({ ...rounds, ...hyperparameters }, files);
      assert.equal(trained.exitCode, 1);
      assert.match(trained.failure, message);
    });
  }
});

describe("serving", () => {
  test("answers in CSV, JSON, JSON lines and RecordIO; wrong types and columns are refused", async () => {
    await using trained = await train({ num_round: "2", objective: "multi:softprob", num_class: "2" });
    const model = await trained.load();
    const csv = ask(model, "0.9,0.1,2\n0.1,0.1,1\n");
    assert.match(csv.text, /^\[0\.\d+, 0\.\d+\],\[0\.\d+, 0\.\d+\]$/);
    assert.equal(csv.type, "text/csv");
    const json = JSON.parse(ask(model, "0.9,0.1,2", { accept: "application/json" }).text);
    assert.equal(json.predictions[0].score.length, 2);
    const asked = ask(model, '{"instances":[{"features":[0.9,0.1,2]}]}', { contentType: "application/json" });
    assert.deepEqual(JSON.parse(asked.text), json);
    assert.match(ask(model, "0.9,0.1,2", { accept: "application/jsonlines" }).text, /^\{"score":\[.*\]\}\n$/);
    assert.equal(ask(model, "0.9,0.1,2", { accept: "application/x-recordio-protobuf" }).status, 200);
    assert.equal(ask(model, "0:0.9 2:2", { contentType: "text/x-libsvm" }).status, 200);
    assert.equal(ask(model, "0.9,0.1,2,4").status, 400);
    assert.equal(ask(model, "a,b,c").status, 400);
    assert.equal(ask(model, "1", { contentType: "image/png" }).status, 415);
    assert.equal(ask(model, "0.9,0.1,2", { accept: "image/png" }).status, 406);
    const batch = await trained.load({ SAGEMAKER_BATCH: "true" });
    assert.equal(ask(batch, "0.9,0.1,2\n0.1,0.1,1\n").text.split("\n").length, 3);
  });

  test("selectable inference says what SAGEMAKER_INFERENCE_OUTPUT names", async () => {
    await using trained = await train(parameters);
    const model = await trained.load({
      SAGEMAKER_INFERENCE_OUTPUT: "predicted_label, probability,probabilities,labels",
    });
    const [answer] = JSON.parse(ask(model, "0.9,0.1,2", { accept: "application/json" }).text).predictions;
    assert.deepEqual(Object.keys(answer), ["predicted_label", "probability", "probabilities", "labels"]);
    assert.deepEqual([answer.predicted_label, answer.labels], [1, [0, 1]]);
    assert.ok(Math.abs(answer.probabilities[0] + answer.probability - 1) < 1e-6);
    assert.match(ask(model, "0.9,0.1,2\n0.1,0.1,1").text, /^1,0\.\d+,"\[0\.\d+, 0\.\d+\]","\[0, 1\]"\n0,[^\n]+$/);
    const other = await trained.load({ SAGEMAKER_INFERENCE_OUTPUT: "predicted_score", SAGEMAKER_BATCH: "true" });
    assert.equal(ask(other, "0.9,0.1,2").text, "nan\n");
    assert.equal(
      ask(other, "0.9,0.1,2", { accept: "application/json" }).text,
      '{"predictions":[{"predicted_score":null}]}',
    );
    await assert.rejects(
      trained.load({ SAGEMAKER_INFERENCE_OUTPUT: "score" }),
      /asks for "score"; the objective binary:logistic has predicted_label/,
    );
  });

  test("selectable inference of predicted classes has scores, but no probabilities", async () => {
    await using trained = await train({ num_round: "2", objective: "multi:softmax", num_class: "2" });
    const model = await trained.load({ SAGEMAKER_INFERENCE_OUTPUT: "predicted_label,raw_score,probability" });
    assert.equal(ask(model, "0.9,0.1,2").text, "1.0,1.0,nan");
  });

  test("pip's models are served; pickles, other files and several are refused", async () => {
    const directory = await mkdtemp(join(tmpdir(), "xgboost-models-"));
    try {
      const source = new URL(
        "../../../learn/src/trees/testing/fixtures/generated/xgboost-3.2.0-softprob.ubj",
        import.meta.url,
      );
      await writeFile(join(directory, "xgboost-model"), await readFile(source));
      assert.equal(ask(await loadXgboost(directory), "0.1,0.2,0.3,1").status, 200);
      await writeFile(join(directory, "xgboost-model"), Buffer.from([0x80, 4, 0x95, 0]));
      await assert.rejects(
        loadXgboost(directory),
        (error: Error) => error instanceof ClientError && /xgboost-model.*pickle/.test(error.message),
      );
      await rm(join(directory, "xgboost-model"));
      await writeFile(join(directory, "a.json"), "{");
      await assert.rejects(loadXgboost(directory), /a\.json: .*damaged/);
      await writeFile(join(directory, "b.ubj"), "{");
      await assert.rejects(loadXgboost(directory), /are several/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
