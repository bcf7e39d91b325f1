import { createReadStream, createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { evaluate, type FastTextModel, fastText, quantiseFastText, readText, wordVectors } from "@rondo/learn";

/**
 * Our side of fasttext-quality.ts and fasttext-speed.ts, with the commands of python/fasttext_peer.py, in a process of
 * its own like the peer.
 */
const CHUNK = { highWaterMark: 1 << 20 } as const;
const ROUNDS = 10;

type Settings = Readonly<Record<string, number | string>>;

async function train(trainPath: string, testPath: string, modelPath: string, settings: string): Promise<object> {
  const { dim, thread, wordNgrams, lr, epoch, minn = 0, maxn = 0 } = JSON.parse(settings) as Record<string, number>;
  const parameters = { vectorDim: dim, wordNgrams, learningRate: lr, epochs: epoch, minChar: minn, maxChar: maxn };
  const start = performance.now();
  const text = createReadStream(trainPath, CHUNK);
  const model = await fastText.fit(parameters, { train: text }, { seed: 0, threads: thread ?? 1 });
  const seconds = (performance.now() - start) / 1000;
  const judged = await judge(model, testPath);
  const texts = (await readFile(testPath, "utf8")).split("\n", 1000).map((line) => line.slice(line.indexOf(" ") + 1));
  const microsecondsPerText = timePredictions(model, texts);
  await pipeline(Readable.from(fastText.encode(model)), createWriteStream(modelPath));
  return { seconds, ...judged, microsecondsPerText, version: process.version };
}

async function judge(model: FastTextModel, testPath: string): Promise<{ correct: number; examples: number }> {
  const { correct, examples } = evaluate(model, await readText(createReadStream(testPath), model.vocabulary));
  return { correct, examples };
}

/** Warm, one text after the other, from string to label. */
function timePredictions(model: FastTextModel, texts: readonly string[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const text of texts) predictOne(model, text);
    best = Math.min(best, ((performance.now() - start) * 1000) / texts.length);
  }
  return best;
}

/** Makes `smallPath` of a model, and judges it. */
async function quantise(modelPath: string, smallPath: string, testPath: string, settings: string): Promise<object> {
  const { cutoff } = JSON.parse(settings) as Record<string, number>;
  const model = await load(modelPath);
  const start = performance.now();
  const parameters = { cutoff, quantiseNorms: true };
  const small = await quantiseFastText(model, parameters, {}, { seed: 0, threads: 1 });
  const seconds = (performance.now() - start) / 1000;
  await pipeline(Readable.from(fastText.encode(small)), createWriteStream(smallPath));
  return { seconds, ...(await judge(small, testPath)), bytes: (await stat(smallPath)).size };
}

/** Learns word vectors of a text. */
async function learnVectors(textPath: string, modelPath: string, settings: string): Promise<object> {
  const { model: mode, dim, thread, epoch, minn, maxn } = JSON.parse(settings) as Settings;
  const parameters = {
    mode: mode as "skipgram" | "cbow" | "batch-skipgram",
    vectorDim: Number(dim),
    epochs: Number(epoch),
    minChar: Math.max(1, Number(minn)),
    maxChar: Number(maxn),
    // fastText's.
    negativePower: 0.5,
  };
  const start = performance.now();
  const train = createReadStream(textPath, CHUNK);
  const vectors = await wordVectors.fit(parameters, { train }, { seed: 0, threads: Number(thread) });
  const seconds = (performance.now() - start) / 1000;
  await pipeline(Readable.from(wordVectors.encode(vectors)), createWriteStream(modelPath));
  return { seconds, version: process.version };
}

async function load(path: string): Promise<FastTextModel> {
  const { size } = await stat(path);
  return fastText.decode({ chunks: createReadStream(path, CHUNK), byteLength: size });
}

async function predictAll(modelPath: string, testPath: string, limit: string): Promise<unknown> {
  const model = await load(modelPath);
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

const commands: Readonly<Record<string, (...given: string[]) => Promise<unknown>>> = {
  train,
  quantise,
  vectors: learnVectors,
  predict: predictAll,
};
const [command = "", ...given] = process.argv.slice(2);
console.log(JSON.stringify(await commands[command]?.(...given)));
