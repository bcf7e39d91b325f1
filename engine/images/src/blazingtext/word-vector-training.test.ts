import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { LoadedModel } from "../image.ts";
import { type ChannelFiles } from "../testing/container-process.ts";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { blazingText } from "./blazingtext.ts";

const sentences = (count: number): string =>
  "the sun and the moon shine bright\nwind and rain bring cold weather\n".repeat(count);
const quick = { mode: "skipgram", vector_dim: "8", epochs: "5", min_count: "1", sampling_threshold: "1" };
const pairs = "Word 1\tWord 2\tHuman (mean)\nsun\tmoon\t9.5\nwind\train\t9\nsun\tweather\t1\nmoon\tvolcano\t2\n";

interface Answer {
  readonly vector: readonly number[];
  readonly word: string;
}

testImage({
  image: blazingText,
  hyperparameters: quick,
  channels: { train: { "a.txt": sentences(300) }, validation: { "pairs.tsv": pairs } },
  endless: { epochs: "1000000", vector_dim: "300" },
  hasBegun: /Progress/,
  metrics: ["train:mean_rho"],
  request: { body: '{"instances":["sun","volcano"]}', contentType: "application/json" },
  check: (body) => {
    const answers = JSON.parse(body) as Answer[];
    assert.deepEqual(
      answers.map(({ word, vector }) => [word, vector.length, vector.every((value) => value === 0)]),
      [
        ["sun", 8, false],
        ["volcano", 8, true],
      ],
    );
  },
  malformed: '{"instances":[1]}',
});

async function train(hyperparameters: Record<string, string>, channels: ChannelFiles) {
  const trained = await trainInProcess(blazingText, { hyperparameters, channels });
  const read = (name: string): Promise<string> => readFile(join(trained.modelDirectory, name), "utf8");
  return { ...trained, read };
}

const vectorsOf = (model: LoadedModel, words: readonly string[]): Answer[] => {
  const body = Buffer.from(JSON.stringify({ instances: words }));
  return JSON.parse(String(model.invoke({ body, contentType: "application/json", accept: "" }).body)) as Answer[];
};

describe("blazingtext: word vectors", () => {
  for (const mode of ["skipgram", "cbow", "batch_skipgram"]) {
    test(`vectors.txt has what is served, ${mode}`, async () => {
      await using trained = await train({ ...quick, mode }, { train: { a: sentences(100), b: "{sun} moon" } });
      const [head, first = "", ...rest] = (await trained.read("vectors.txt")).trimEnd().split("\n");
      assert.equal(head, `${rest.length + 1} 8`);
      const [word = "", ...numbers] = first.split(" ");
      const [served] = vectorsOf(await trained.load(), [word]);
      for (const [index, value] of (served?.vector ?? []).entries()) {
        assert.ok(Math.abs(value - Number(numbers[index])) <= 1e-4 * Math.abs(value));
      }
      assert.ok(trained.lines.includes(`Number of words: ${rest.length + 1}`));
      assert.ok(trained.lines.some((line) => line.startsWith("There is no evaluation")));
    });
  }

  test("with subwords unknown words have vectors too", async () => {
    const subwords = { ...quick, subwords: "True", buckets: "1000", min_char: "2", max_char: "4" };
    await using trained = await train(subwords, { train: { a: sentences(100) } });
    const [sunny, nothing] = vectorsOf(await trained.load(), ["sunny", "</s>"]);
    assert.ok(sunny?.vector.some((value) => value !== 0));
    assert.equal(nothing?.word, "</s>");
  });

  test("eval.json: each file of pairs by itself, and their mean", async () => {
    const channels = {
      train: { a: sentences(300) },
      validation: { "ws.csv": pairs.replaceAll("\t", ","), "x.txt": "# two\nsun moon 3\nsun rain 1" },
    };
    await using trained = await train(quick, channels);
    const evaluation = JSON.parse(await trained.read("eval.json")) as Record<string, object>;
    assert.deepEqual(Object.keys(evaluation), ["ws.csv", "x.txt", "mean_rho"]);
    assert.deepEqual(Object.keys(evaluation["ws.csv"] ?? {}), ["not_found", "spearmans_rho", "total_pairs"]);
    assert.match(trained.lines.join("\n"), /"not_found": 1,\n {8}"spearmans_rho": \S+,\n {8}"total_pairs": 4/);
    await using silent = await train({ ...quick, evaluation: "False" }, channels);
    await assert.rejects(silent.read("eval.json"), { code: "ENOENT" });
  });

  test("what is wrong with the pairs or the hyperparameters is said", async () => {
    const channels = (validation: string): ChannelFiles => ({
      train: { a: sentences(9) },
      validation: { p: validation },
    });
    await assert.rejects(train(quick, channels("a,b,1\nc,d\n")), {
      name: "ClientError",
      message: /Line 2 of .*two words/,
    });
    await assert.rejects(train(quick, channels("")), /no judged word pairs/);
    const given = { train: { a: sentences(9) } };
    await assert.rejects(train({ ...quick, mode: "batch_skipgram", subwords: "True" }, given), /batch_skipgram/);
    await assert.rejects(train({ ...quick, subwords: "True", min_char: "7" }, given), /min_char \(7\)/);
    await assert.rejects(train({ ...quick, min_count: "100" }, given), { name: "ClientError", message: /100 times/ });
  });
});
