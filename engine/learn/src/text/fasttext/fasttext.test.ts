import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import type { FitProgress } from "../../algorithm.ts";
import { testAlgorithm } from "../../testing/algorithm-suite.ts";
import { fastText } from "./fasttext.ts";
import { readText } from "./fasttext-corpus.ts";
import { hashBytes } from "./fasttext-dictionary.ts";
import { evaluate } from "./fasttext-model.ts";

const lines = (text: string): Uint8Array[] => [Buffer.from(text)];
const context = { seed: 0, threads: 1 };

/** Good words in one class, bad ones in the other, neutral ones in both. */
function opinions(count: number): string {
  const good = ["great", "lovely", "fine"];
  const bad = ["awful", "broken", "poor"];
  return Array.from({ length: count }, (_, line) => {
    const own = (line % 2 === 0 ? good : bad)[line % 3];
    return `__label__${line % 2 === 0 ? "good" : "bad"} the phone number ${line % 11} is ${own} and so on\n`;
  }).join("");
}

testAlgorithm({
  algorithm: fastText,
  parameters: { vectorDim: 8, epochs: 20, learningRate: 0.5, wordNgrams: 2, buckets: 200, minChar: 2, maxChar: 3 },
  data: () => ({ train: lines(opinions(200)) }),
  inputs: ["the phone is great", "a broken thing", "lovely !", "poor"].map((text) => ({ text: Buffer.from(text) })),
  check: (predictions) =>
    assert.deepEqual(
      predictions.map(([best]) => best?.label),
      ["__label__good", "__label__bad", "__label__good", "__label__bad"],
    ),
  empty: () => ({ train: lines("") }),
  oneRow: () => ({ train: lines("__label__good fine") }),
  missingValues: () => ({
    train: lines("__label__good\n\nno label here\n__label__good fine\n   \n__label__bad poor\n"),
  }),
  endless: { vectorDim: 100, epochs: 1_000_000, learningRate: 0.1, wordNgrams: 2, buckets: 1000 },
});

describe("fastText beside the reference program", () => {
  // Made by fasttext 0.9.2 (pip fasttext-wheel) out of fixtures/train.txt, in which all words have different counts:
  // train_supervised(dim=6, thread=1, minCount=1, wordNgrams=2, bucket=40, minn=2, maxn=3, lr=1.0, epoch=30, loss=…);
  // probabilities of predict(text, k=2).
  const expected = {
    softmax: [
      ["good fine", "__label__positive", 0.8891046643257141, 0.110915407538414],
      ["bad poor übel", "__label__positive", 0.7145857810974121, 0.2854342758655548],
      ["unknown words", "__label__positive", 0.9545223712921143, 0.04549766331911087],
      ["", "__label__negative", 1.0000100135803223, 1.0000003385357559e-5],
      ["the very good", "__label__positive", 0.9408973455429077, 0.0591227188706398],
    ],
    "one-versus-all": [
      ["good fine", "__label__positive", 0.8872146010398865, 0.1097157895565033],
      ["bad poor übel", "__label__positive", 0.7122421860694885, 0.2814156115055084],
      ["unknown words", "__label__positive", 0.9525841474533081, 0.04469086229801178],
      ["", "__label__negative", 1.0000100135803223, 1.0000003385357559e-5],
      ["the very good", "__label__positive", 0.9381340146064758, 0.05835584178566933],
    ],
  } as const;
  // The same from fixtures/hierarchical.txt, with dim=5, wordNgrams=1, loss="hs", lr=0.5, epoch=10: six labels.
  const hierarchical = {
    "two and": { c: 0.45654621720314026, b: 0.24283859133720398, d: 0.19607794284820557, a: 0.05988449603319168 },
    five: { f: 1.0000096559524536, e: 2.037140802713111e-5 },
    unknown: { c: 0.49697139859199524, b: 0.2591284215450287, d: 0.12261691689491272, e: 0.06290796399116516 },
  } as const;
  const fixture = (name: string): Promise<Buffer> => readFile(new URL(`./fixtures/${name}`, import.meta.url));

  for (const loss of ["softmax", "one-versus-all"] as const) {
    test(`its model is read and judges the same, ${loss}`, async () => {
      const bytes = await fixture(`fasttext-0.9.2-${loss}.bin`);
      const model = await fastText.decode({ chunks: [bytes], byteLength: bytes.length });
      for (const [text, label, first, second] of expected[loss]) {
        const [predictions] = fastText.predict(model, [{ text: Buffer.from(text), k: 2 }]);
        assert.equal(predictions?.[0]?.label, label);
        assert.ok(Math.abs((predictions[0]?.probability ?? 0) - first) < 1e-6);
        assert.ok(Math.abs((predictions[1]?.probability ?? 0) - second) < 1e-6);
      }
      assert.equal(Buffer.compare(Buffer.concat([...fastText.encode(model)]), bytes), 0);
    });

    test(`one thread and seed 0 learn the same weights, ${loss}`, async () => {
      const theirs = await fixture(`fasttext-0.9.2-${loss}.bin`);
      const parameters = {
        vectorDim: 6,
        wordNgrams: 2,
        buckets: 40,
        minChar: 2,
        maxChar: 3,
        learningRate: 1,
        epochs: 30,
        loss,
      };
      const model = await fastText.fit(parameters, { train: [await fixture("train.txt")] }, context);
      const ours = Buffer.concat([...fastText.encode(model)]);
      const matrices = (53 + 2) * 6 * 4 + 17;
      const head = theirs.length - matrices;
      assert.equal(Buffer.compare(ours.subarray(0, head), theirs.subarray(0, head)), 0, "header and dictionary");
      for (let offset = head; offset < theirs.length - (2 * 6 * 4 + 17); offset += 4) {
        assert.ok(Math.abs(ours.readFloatLE(offset) - theirs.readFloatLE(offset)) < 1e-5, `weight at byte ${offset}`);
      }
    });
  }

  test("hierarchical softmax: its model is read and judges the same, and ours has the same weights", async () => {
    const bytes = await fixture("fasttext-0.9.2-hierarchical-softmax.bin");
    const theirs = await fastText.decode({ chunks: [bytes], byteLength: bytes.length });
    const parameters = { vectorDim: 5, learningRate: 0.5, epochs: 10, loss: "hierarchical-softmax" } as const;
    const ours = await fastText.fit(parameters, { train: [await fixture("hierarchical.txt")] }, context);
    for (const [text, expectedLabels] of Object.entries(hierarchical)) {
      for (const model of [theirs, ours]) {
        const predictions = fastText.predict(model, [{ text: Buffer.from(text), k: 6 }])[0] ?? [];
        for (const [index, [label, probability]] of Object.entries(expectedLabels).entries()) {
          assert.equal(predictions[index]?.label, `__label__${label}`);
          assert.ok(Math.abs((predictions[index]?.probability ?? 0) - probability) < 1e-5, `${text}: ${label}`);
        }
      }
    }
    assert.equal(Buffer.compare(Buffer.concat([...fastText.encode(theirs)]), bytes), 0);
  });

  test("words are hashed with signed characters", () => {
    const hash = (word: string): number => hashBytes(Buffer.from(word), 0, Buffer.byteLength(word)) >>> 0;
    assert.equal(hash(""), 2166136261);
    assert.equal(hash("a"), 0xe40c292c);
    // Of a byte above 127 the sign reaches into the upper bits: (2166136261 ^ 0xffffffff) · 16777619 mod 2³².
    assert.equal(hashBytes(Uint8Array.of(0xff), 0, 1) >>> 0, Math.imul(~2166136261, 16777619) >>> 0);
  });
});

describe("fastText", () => {
  test("the text may come in pieces cut anywhere, with CRLF, tabs and no last newline", async () => {
    const text = Buffer.from("__label__a  one\ttwo\r\n__label__b three four");
    const bytesOf = async (chunks: Uint8Array[]): Promise<string> => {
      const model = await fastText.fit({ vectorDim: 4 }, { train: chunks }, context);
      return Buffer.concat([...fastText.encode(model)]).toString("base64");
    };
    const whole = await bytesOf([text]);
    for (let cut = 1; cut < text.length; cut += 5) {
      assert.equal(await bytesOf([text.subarray(0, cut), text.subarray(cut)]), whole);
    }
  });

  test("k and threshold limit the answer, most probable first", async () => {
    const train = lines("__label__a one\n__label__b two\n__label__c three\n".repeat(100));
    const model = await fastText.fit({ vectorDim: 8, epochs: 20, learningRate: 0.5 }, { train }, context);
    const predict = (options: object) => fastText.predict(model, [{ text: Buffer.from("two"), ...options }])[0] ?? [];
    assert.deepEqual(
      predict({}).map(({ label }) => label),
      ["__label__b"],
    );
    const all = predict({ k: 10 });
    assert.equal(all.length, 3);
    assert.ok(all.every(({ probability }, index) => index === 0 || probability <= (all[index - 1]?.probability ?? 0)));
    assert.equal(predict({ k: 10, threshold: 0.5 }).length, 1);
    assert.equal(predict({ k: 1, threshold: 1 }).length, 0);
  });

  test("several labels a line: one-versus-all gives each its own probability", async () => {
    const train = lines("__label__red __label__round tomato\n__label__red brick\n__label__round ball\n".repeat(200));
    const parameters = { vectorDim: 8, epochs: 20, learningRate: 0.5, loss: "one-versus-all" } as const;
    const model = await fastText.fit(parameters, { train }, context);
    const labelsOf = (text: string) =>
      fastText
        .predict(model, [{ text: Buffer.from(text), k: 5, threshold: 0.5 }])[0]
        ?.map(({ label }) => label)
        .sort();
    assert.deepEqual(labelsOf("tomato"), ["__label__red", "__label__round"]);
    assert.deepEqual(labelsOf("brick"), ["__label__red"]);
  });

  test("words seen less often than minCount are left out", async () => {
    const train = lines("__label__a often rare\n__label__b often\n__label__b often\n");
    const model = await fastText.fit({ vectorDim: 4, minCount: 2 }, { train }, context);
    assert.equal(model.vocabulary.words, 2, "often and </s>");
  });

  test("evaluation counts an example whose label training never saw as wrong", async () => {
    const train = lines(opinions(100));
    const model = await fastText.fit({ vectorDim: 8, epochs: 20, learningRate: 0.5 }, { train }, context);
    const corpus = await readText(
      lines("__label__good great\n__label__new great\nno label\n__label__bad awful\n"),
      model.vocabulary,
    );
    assert.deepEqual(evaluate(model, corpus), { correct: 2, examples: 3, accuracy: 2 / 3 });
  });

  test("early stopping keeps the weights of the best epoch and ends when nothing improves", async () => {
    const epochs: FitProgress["epoch"][] = [];
    const data = { train: lines(opinions(200)), validation: lines(opinions(50)) };
    const onProgress = ({ epoch }: FitProgress): void => void (epoch && epochs.push(epoch));
    const parameters = { vectorDim: 8, epochs: 500, learningRate: 0.5, earlyStopping: true, minEpochs: 3, patience: 2 };
    const model = await fastText.fit(parameters, data, { ...context, onProgress });
    assert.ok(epochs.length >= 3 && epochs.length < 500, `${epochs.length} epochs`);
    const best = Math.max(...epochs.map((epoch) => epoch?.validationAccuracy ?? 0));
    assert.equal(evaluate(model, await readText(data.validation, model.vocabulary)).accuracy, best);
  });

  test("early stopping without validation data, no labels, a learning rate too high: refused with the reason", async () => {
    const train = lines(opinions(100));
    await assert.rejects(fastText.fit({ earlyStopping: true }, { train }, context), /validation/);
    await assert.rejects(fastText.fit({}, { train: lines("just words\n") }, context), /__label__/);
    await assert.rejects(fastText.fit({ learningRate: 1e6, epochs: 50 }, { train }, context), /diverged/);
  });

  test("two threads learn the same problem", async () => {
    const data = { train: lines(opinions(2000)) };
    const model = await fastText.fit({ vectorDim: 8, epochs: 300, learningRate: 0.5 }, data, { seed: 0, threads: 2 });
    const { accuracy } = evaluate(model, await readText(lines(opinions(200)), model.vocabulary));
    assert.equal(accuracy, 1);
  });

  test("a model of another kind is refused with its kind", async () => {
    const bytes = await readFile(new URL("./fixtures/fasttext-0.9.2-softmax.bin", import.meta.url));
    const changed = async (offset: number, value: number): Promise<unknown> => {
      const copy = Buffer.from(bytes);
      copy.writeInt32LE(value, offset);
      return fastText.decode({ chunks: [copy], byteLength: copy.length });
    };
    await assert.rejects(changed(0, 1), /not a fastText model/);
    await assert.rejects(changed(4, 13), /version 13/);
    await assert.rejects(changed(8, 2_000_000_000), /damaged/);
    await assert.rejects(changed(8 + 6 * 4, 2), /negative sampling/);
    await assert.rejects(changed(8 + 7 * 4, 1), /not a supervised/);
    await assert.rejects(changed(8 + 8 * 4, 2_000_000_000), /matrix of/);
    await assert.rejects(changed(64, 2_000_000_000), /damaged/);
    await assert.rejects(changed(88, 0), /damaged/);
    await assert.rejects(changed(bytes.length - 4, 0x7fc00000), /not finite/);
  });

  test("a model whose labels have no prefix of their own: its words stay words", async () => {
    const text = opinions(200).replaceAll("phone", "new phone");
    const model = await fastText.fit(
      { vectorDim: 4, epochs: 5, wordNgrams: 2, buckets: 50 },
      { train: lines(text) },
      context,
    );
    const foreign = Buffer.from(
      Buffer.concat([...fastText.encode(model)])
        .toString("latin1")
        .replace("__label__good\0", "nabcdefghgood\0")
        .replace("__label__bad\0", "nzyxwvutsbad\0"),
      "latin1",
    );
    const read = await fastText.decode({ chunks: [foreign], byteLength: foreign.length });
    assert.equal(Buffer.compare(Buffer.concat([...fastText.encode(read)]), foreign), 0);
    const corpus = await readText(lines("nabcdefghgood unknown new nowhere phone\n"), read.vocabulary);
    assert.equal(corpus.examples, 1);
    // Its tokens, the label, the two words known and </s>, and the hashes of all five that are no label.
    assert.deepEqual([...(corpus.segments[0] ?? [])].slice(0, 4), [6, 1, 3, 5]);
  });

  test("n-grams of characters that no word is short enough for are refused in a file", async () => {
    const model = await fastText.fit(
      { vectorDim: 2, epochs: 1, maxChar: 3, buckets: 50 },
      { train: lines(opinions(4)) },
      context,
    );
    const bytes = Buffer.concat([...fastText.encode(model)]);
    const place = bytes.indexOf(Buffer.from(Int32Array.of(50, 0, 3).buffer));
    bytes.writeInt32LE(2 ** 31 - 1, place + 8);
    await assert.rejects(fastText.decode({ chunks: [bytes], byteLength: bytes.length }), { name: "FormatError" });
  });
});
