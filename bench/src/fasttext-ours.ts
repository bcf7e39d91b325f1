import { createReadStream, createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { evaluate, type FastTextModel, fastText, readText } from "@rondo/learn";

/**
 * Our side of bench/src/fasttext.ts, with the commands of python/fasttext_peer.py, in a process of its own like the
 * peer.
 */
async function train(trainPath: string, testPath: string, modelPath: string, settings: string): Promise<object> {
  const { dim, thread, wordNgrams, lr, epoch } = JSON.parse(settings) as Record<string, number>;
  const parameters = { vectorDim: dim, wordNgrams, learningRate: lr, epochs: epoch };
  const start = performance.now();
  const text = createReadStream(trainPath, { highWaterMark: 1 << 20 });
  const model = await fastText.fit(parameters, { train: text }, { seed: 0, threads: thread ?? 1 });
  const seconds = (performance.now() - start) / 1000;
  const { correct, examples } = evaluate(model, await readText(createReadStream(testPath), model.vocabulary));
  const texts = (await readFile(testPath, "utf8")).split("\n", 1000).map((line) => line.slice(line.indexOf(" ") + 1));
  const microsecondsPerText = timePredictions(model, texts);
  await pipeline(Readable.from(fastText.encode(model)), createWriteStream(modelPath));
  return { seconds, correct, examples, microsecondsPerText, version: process.version };
}

/** Warm, one text after the other, from string to label. */
function timePredictions(model: FastTextModel, texts: readonly string[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    const start = performance.now();
    for (const text of texts) predictOne(model, text);
    best = Math.min(best, ((performance.now() - start) * 1000) / texts.length);
  }
  return best;
}

async function predictAll(modelPath: string, testPath: string, limit: string): Promise<unknown> {
  const { size } = await stat(modelPath);
  const model = await fastText.decode({
    chunks: createReadStream(modelPath, { highWaterMark: 1 << 20 }),
    byteLength: size,
  });
  const predictions: unknown[] = [];
  for await (const line of createInterface({ input: createReadStream(testPath) })) {
    if (predictions.length === Number(limit)) break;
    predictions.push(predictOne(model, line.slice(line.indexOf(" ") + 1)));
  }
  return predictions;
}

function predictOne(model: FastTextModel, text: string): readonly [string, number] {
  const best = fastText.predict(model, [{ text: Buffer.from(text) }])[0]?.[0];
  return [best?.label ?? "", best?.probability ?? 0];
}

const [command, first = "", second = "", third = "", fourth = ""] = process.argv.slice(2);
console.log(
  JSON.stringify(await (command === "train" ? train(first, second, third, fourth) : predictAll(first, second, third))),
);
