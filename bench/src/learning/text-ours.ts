import { readFile } from "node:fs/promises";
import { type LabelledText, textClassifier } from "@rondo/learn";

/**
 * One process of the comparison of speed: `text-ours.ts TRAIN TEST THREADS PARAMETERS` trains on JSON lines and prints the
 * seconds of reading n-grams and training, the share of TEST that is right, and the microseconds of one short text.
 */
const [, , train = "", test = "", threads = "1", parameters = "{}"] = process.argv;

async function read(path: string): Promise<LabelledText[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as LabelledText);
}

const texts = await read(train);
const start = performance.now();
const model = await textClassifier.fit(
  JSON.parse(parameters) as object,
  { train: texts },
  { seed: 0, threads: Number(threads) },
);
const seconds = (performance.now() - start) / 1000;
const judged = await read(test);
const right = judged.filter(
  ({ text, labels }) => textClassifier.predict(model, [{ text }])[0]?.[0]?.label === labels[0],
);
const short = judged.filter(({ text }) => text.length < 300).slice(0, 200);
const rounds = Array.from({ length: 20 }, () => {
  const from = performance.now();
  for (const { text } of short) textClassifier.predict(model, [{ text }]);
  return ((performance.now() - from) * 1000) / Math.max(1, short.length);
});
console.log(
  JSON.stringify({ seconds, accuracy: right.length / judged.length, microsecondsPerText: Math.min(...rounds) }),
);
