import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { fastText } from "./fasttext.ts";
import { readText } from "./fasttext-corpus.ts";
import { evaluate, type FastTextModel } from "./fasttext-model.ts";
import { quantiseFastText } from "./quantise-fasttext.ts";

const context = { seed: 0, threads: 1 };
const fixture = (name: string): Promise<Buffer> => readFile(new URL(`./fixtures/${name}`, import.meta.url));
const decode = (bytes: Uint8Array): Promise<FastTextModel> =>
  fastText.decode({ chunks: [bytes], byteLength: bytes.length });
const encode = (model: FastTextModel): Buffer => Buffer.concat([...fastText.encode(model)]);

describe("quantised models of fastText 0.9.2", () => {
  for (const name of ["plain", "pruned", "retrained", "output"]) {
    test(`are read, judge the same and are written as they were, ${name}`, async () => {
      const bytes = await fixture(`fasttext-0.9.2-${name}.ftz`);
      const model = await decode(bytes);
      const all = JSON.parse((await fixture("fasttext-0.9.2-quantised.json")).toString()) as Record<string, object>;
      for (const [text, expected] of Object.entries(all[name] ?? {})) {
        const predictions = fastText.predict(model, [{ text: Buffer.from(text), k: 3 }])[0] ?? [];
        assert.equal(predictions.length, expected.length);
        for (const [index, [label, probability]] of (expected as [string, number][]).entries()) {
          assert.equal(predictions[index]?.label, label, text);
          assert.ok(Math.abs((predictions[index]?.probability ?? 0) - probability) < 1e-5, `${text}: ${label}`);
        }
      }
      const written = encode(model);
      assert.equal(written.length, bytes.length);
      // fastText writes the list of n-grams in the order of its hash table, we by row: both say the same.
      if (name === "plain" || name === "output") assert.equal(Buffer.compare(written, bytes), 0);
      else assert.deepEqual(fastText.predict(await decode(written), texts), fastText.predict(model, texts));
    });
  }

  test("damaged ones are refused", async () => {
    const bytes = await fixture("fasttext-0.9.2-pruned.ftz");
    for (let length = 0; length < bytes.length; length += 97) {
      await assert.rejects(decode(bytes.subarray(0, length)), { name: "FormatError" });
    }
    const dictionaryEnd = bytes.length - 20;
    const changed = Buffer.from(bytes);
    changed.writeUInt32LE(0x7fc00000, dictionaryEnd - (dictionaryEnd % 4) + (bytes.length % 4));
    await assert.rejects(decode(changed), /not finite/);
    // The number of buckets, behind eight other numbers of the header.
    const huge = Buffer.from(bytes);
    huge.writeInt32LE(2_000_000_000, 40);
    await assert.rejects(decode(huge), /2000000000 buckets/);
  });
});

const texts = ["good fine", "bad poor", "the very good", "unknown words"].map((text) => ({
  text: Buffer.from(text),
  k: 2,
}));

/** What is good or bad follows from pairs of words only, so that bigrams have to be kept. */
function remarks(count: number): string {
  let state = 7;
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  return Array.from({ length: count }, () => {
    const [not, good] = [below(2) === 1, below(2) === 1];
    const filler = Array.from({ length: 4 }, () => `word${below(300)}`).join(" ");
    const pair = `${not ? "not" : "very"} ${good ? "good" : "bad"}`;
    return `__label__${not === good ? "negative" : "positive"} ${filler} ${pair} ${filler}\n`;
  }).join("");
}

describe("quantising", () => {
  const parameters = { vectorDim: 8, epochs: 10, learningRate: 0.5, wordNgrams: 2, buckets: 8_000 };
  const train = [Buffer.from(remarks(3000))];
  const held = [Buffer.from(remarks(4000).split("\n").slice(3000).join("\n"))];
  const trained = (): Promise<FastTextModel> => fastText.fit(parameters, { train }, context);
  const accuracy = async (model: FastTextModel): Promise<number> =>
    evaluate(model, await readText(held, model.vocabulary)).accuracy;

  test("a file of a fraction of the size judges nearly the same", async () => {
    const model = await trained();
    const full = { accuracy: await accuracy(model), bytes: encode(model).length };
    assert.ok(full.accuracy > 0.97, `${full.accuracy}`);
    for (const [options, share] of [
      [{}, 0.25],
      [{ cutoff: 700, retrain: true, quantiseNorms: true }, 0.1],
    ] as const) {
      const small = await quantiseFastText(model, options, { train }, context);
      const bytes = encode(small);
      assert.ok(bytes.length < full.bytes * share, `${bytes.length} of ${full.bytes} bytes`);
      assert.ok((await accuracy(small)) > full.accuracy - 0.03, `${await accuracy(small)}`);
      const reread = await decode(bytes);
      assert.deepEqual(fastText.predict(reread, texts), fastText.predict(small, texts));
      assert.equal(Buffer.compare(encode(reread), bytes), 0);
    }
    assert.equal(await accuracy(model), full.accuracy, "the model given is not changed");
  });

  test("the same seed gives the same bytes", async () => {
    const model = await trained();
    const [first, second] = [
      await quantiseFastText(model, { cutoff: 700 }, {}, context),
      await quantiseFastText(model, { cutoff: 700 }, {}, { seed: 0, threads: 2 }),
    ];
    assert.equal(Buffer.compare(encode(first), encode(second)), 0);
  });

  test("what cannot be quantised is refused with the reason", async () => {
    const model = await trained();
    await assert.rejects(quantiseFastText(model, { quantiseOutput: true }, {}, context), /2 rows/);
    await assert.rejects(quantiseFastText(model, { retrain: true }, {}, context), /training text/);
    await assert.rejects(quantiseFastText(model, { partWidth: 0 }, {}, context), { parameter: "partWidth" });
    const small = await quantiseFastText(model, { cutoff: 700 }, {}, context);
    await assert.rejects(quantiseFastText(small, {}, {}, context), /already/);
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(quantiseFastText(model, {}, {}, { ...context, signal: controller.signal }), {
      name: "AbortError",
    });
  });
});
