import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testAlgorithm } from "../../testing/algorithm-suite.ts";
import type { LabelledText } from "./labelled-corpus.ts";
import { textClassifier } from "./text-classifier.ts";

const THINGS = ["phone", "camera", "battery", "screen", "cable", "lens", "strap", "case"];
const PRAISE = ["works very well", "is not bad at all", "great", "I love it"];
const BLAME = ["broke at once", "is not good at all", "awful", "I hate it"];

/** Opinions that single words do not tell apart: "not bad", "not good". */
function opinions(count = 120): LabelledText[] {
  return Array.from({ length: count }, (_, index) => {
    const isGood = index % 2 === 0;
    const said = (isGood ? PRAISE : BLAME)[Math.floor(index / 2) % 4];
    return { text: `The ${THINGS[index % 8]} no. ${index % 11} ${said}`, labels: [isGood ? "good" : "bad"] };
  });
}

const SUBJECTS = { wheat: "harvest of grain", gold: "ounces of metal", ship: "freight at the port" } as const;

/** Reports on one or two of three subjects, or on none. */
function reports(): LabelledText[] {
  const names = Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[];
  return Array.from({ length: 160 }, (_, index) => {
    const labels = names.filter((_, subject) => ((index % 8) >> subject) % 2 === 1);
    const said = labels.map((label) => SUBJECTS[label]).join(" and ");
    return { text: `Report ${index} from ${THINGS[index % 7]} town: ${said || "nothing new"}`, labels };
  });
}

const context = { seed: 1, threads: 2 };

testAlgorithm({
  algorithm: textClassifier,
  parameters: { selection: false, maxChar: 4, minDocumentFrequency: 1 },
  data: () => ({ train: opinions() }),
  inputs: [
    { text: "The lens is not bad at all" },
    { text: "The strap is not good at all", k: 2, explain: true },
    { text: "" },
    { text: "LENS, awful!!" },
  ],
  check: ([good, bad, , loud]) => {
    assert.equal(good?.[0]?.label, "good");
    assert.deepEqual(
      bad?.map(({ label }) => label),
      ["bad", "good"],
    );
    assert.equal(loud?.[0]?.label, "bad");
  },
  empty: () => ({ train: [] }),
  oneRow: () => ({ train: [{ text: "works well", labels: ["good"] }] }),
  missingValues: () => ({
    train: [
      { text: "", labels: [] },
      { text: "works", labels: ["good"] },
      { text: "", labels: ["bad"] },
    ],
  }),
  endless: { loss: "logistic", tolerance: 0, maxIterations: 1_000_000_000, selection: false, minDocumentFrequency: 1 },
});

describe("text classifier", () => {
  test("the same bytes on any number of threads, selection included", async () => {
    const files = await Promise.all(
      [1, 2, 3].map(async (threads) => {
        const model = await textClassifier.fit({}, { train: reports() }, { seed: 5, threads });
        return Buffer.concat([...textClassifier.encode(model)]);
      }),
    );
    assert.equal(Buffer.compare(files[0], files[1]), 0);
    assert.equal(Buffer.compare(files[0], files[2]), 0);
  });

  test("selection takes bigrams where single words say nothing, and keeps what is given", async () => {
    const train = Array.from({ length: 200 }, (_, index) => {
      const [isNot, isGood] = [index % 2 === 0, index % 4 < 2];
      const text = `it was ${isNot ? "not" : "so"} ${isGood ? "good" : "bad"} ${index}`;
      return { text, labels: [isNot === isGood ? "no" : "yes"] };
    });
    const model = await textClassifier.fit({ cost: 1 }, { train }, context);
    assert.ok(model.weighting.wordNgrams >= 2);
    assert.equal(textClassifier.predict(model, [{ text: "it was not good" }])[0]?.[0]?.label, "no");
    const words = await textClassifier.fit({ cost: 1, wordNgrams: 1, maxChar: 0 }, { train }, context);
    assert.equal(words.weighting.wordNgrams, 1);
    assert.equal(words.weighting.maxChar, 0);
  });

  test("several labels: all that fit, none where none does", async () => {
    const model = await textClassifier.fit({}, { train: reports() }, context);
    assert.equal(model.task, "multi-label");
    const labelsOf = (text: string) =>
      textClassifier
        .predict(model, [{ text }])[0]
        ?.map(({ label }) => label)
        .sort();
    assert.deepEqual(labelsOf("a harvest of grain and freight at the port"), ["ship", "wheat"]);
    assert.deepEqual(labelsOf("ounces of metal"), ["gold"]);
    assert.deepEqual(labelsOf("nothing new"), []);
    const all = textClassifier.predict(model, [{ text: "ounces of metal", k: 3 }])[0] ?? [];
    assert.deepEqual(
      all.map(({ isAssigned }) => isAssigned),
      [true, false, false],
    );
  });

  test("more than two labels that exclude each other: probabilities sum to 1", async () => {
    const train = reports().filter(({ labels }) => labels.length === 1);
    const model = await textClassifier.fit({}, { train }, context);
    assert.equal(model.task, "single-label");
    const [predictions = []] = textClassifier.predict(model, [{ text: "freight at the port", k: 3 }]);
    assert.equal(predictions[0]?.label, "ship");
    const sum = predictions.reduce((total, { probability }) => total + probability, 0);
    assert.ok(Math.abs(sum - 1) < 1e-12);
  });

  test("probabilities are calibrated: of noisy labels, as many are right as they say", async () => {
    const noisy = opinions(800).map(({ text, labels }, index) => {
      const isTurned = (index * 48_271) % 100 < 20;
      return { text, labels: [isTurned ? (labels[0] === "good" ? "bad" : "good") : (labels[0] ?? "")] };
    });
    const model = await textClassifier.fit({ selection: false }, { train: noisy }, context);
    const inputs = opinions(80).map(({ text }) => ({ text }));
    const answers = textClassifier.predict(model, inputs).map(([best]) => best?.probability ?? 0);
    const mean = answers.reduce((sum, probability) => sum + probability, 0) / answers.length;
    assert.ok(mean > 0.72 && mean < 0.88, `${mean}, though 80 % of the labels are right`);
  });

  test("an explanation sums to the score exactly, of every label", async () => {
    for (const parameters of [{}, { buckets: 512, maxChar: 3 }]) {
      const model = await textClassifier.fit(parameters, { train: reports() }, context);
      const text = "Harvest of grain, harvest of grain and a bit of freight: 3 töwns 🚢";
      for (const { score, explanation } of textClassifier.predict(model, [{ text, k: 3, explain: true }])[0] ?? []) {
        const { bias, tokens = [] } = explanation ?? {};
        assert.equal(
          tokens.reduce((sum, { contribution }) => sum + contribution, bias ?? 0),
          score,
        );
        assert.equal(tokens.length, 16);
      }
    }
  });

  test("the tokens that speak for a label are found", async () => {
    const model = await textClassifier.fit({}, { train: opinions() }, context);
    const [[best] = []] = textClassifier.predict(model, [{ text: "the camera is awful", explain: true }]);
    const strongest = best?.explanation?.tokens.toSorted((one, other) => other.contribution - one.contribution)[0];
    assert.equal(best?.label, "bad");
    assert.equal(strongest?.token, "awful");
  });

  test("hashing needs no vocabulary and finds the same", async () => {
    const model = await textClassifier.fit({ buckets: 4096 }, { train: opinions() }, context);
    const bytes = Buffer.concat([...textClassifier.encode(model)]);
    const decoded = await textClassifier.decode({ chunks: [bytes], byteLength: bytes.length });
    const inputs = [{ text: "it is not bad at all" }, { text: "it is not good at all" }];
    assert.deepEqual(
      textClassifier.predict(decoded, inputs).map(([best]) => best?.label),
      ["good", "bad"],
    );
  });

  test("a file that claims more buckets than it has, or holds no numbers, is refused", async () => {
    const model = await textClassifier.fit({ buckets: 512, selection: false }, { train: opinions() }, context);
    const bytes = Buffer.concat([...textClassifier.encode(model)]);
    const refused = async (file: Buffer, message: RegExp): Promise<void> => {
      const decoding = textClassifier.decode({ chunks: [file], byteLength: file.length });
      await assert.rejects(decoding, { name: "FormatError", message });
    };
    const text = bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString();
    const header = Buffer.from(text.replace('"buckets":512', '"buckets":2000000000'));
    const start = Buffer.from(bytes.subarray(0, 16));
    start.writeUInt32LE(header.length, 12);
    const before = process.memoryUsage().arrayBuffers;
    await refused(
      Buffer.concat([start, header, bytes.subarray(16 + text.length)]),
      /does not fit the number of buckets/,
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 28);
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    await refused(bytes, /not finite/);
  });

  test("16 bits a weight: a smaller file that says the same", async () => {
    const train = opinions();
    const [large, small] = await Promise.all(
      (["32", "16"] as const).map((weightBits) => textClassifier.fit({ weightBits }, { train }, context)),
    );
    const [long, short] = [large, small].map((model) => Buffer.concat([...textClassifier.encode(model)]));
    assert.ok(short.length < long.length - large.weights.length);
    const decoded = await textClassifier.decode({ chunks: [short], byteLength: short.length });
    for (const { text } of train.slice(0, 20)) {
      const [[one], [other]] = [large, decoded].map((model) => textClassifier.predict(model, [{ text }])[0] ?? []);
      assert.equal(one?.label, other?.label);
      assert.ok(Math.abs((one?.score ?? 0) - (other?.score ?? 0)) < 1e-3);
    }
  });

  test("a limit on features keeps the most frequent ones", async () => {
    const parameters = { selection: false, maxFeatures: 20 };
    const model = await textClassifier.fit(parameters, { train: opinions() }, context);
    assert.ok(model.frequencies.length <= 20 && model.frequencies.length > 5, String(model.frequencies.length));
  });

  test("the progress is even: by the models that are trained, never back", async () => {
    const fractions: number[] = [];
    const onProgress = ({ fraction }: { readonly fraction: number }): void => void fractions.push(fraction);
    await textClassifier.fit({}, { train: reports() }, { ...context, onProgress });
    const steps = fractions.map((fraction, index) => fraction - (fractions[index - 1] ?? 0));
    assert.equal(fractions.at(-1), 1);
    assert.ok(Math.min(...steps) >= 0 && Math.max(...steps) < 0.25, String(fractions));
    assert.ok(new Set(fractions).size > 20, String(fractions));
  });
});
