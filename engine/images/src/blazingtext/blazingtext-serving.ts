import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  decodeFastTextFile,
  type FastTextModel,
  FormatError,
  modelBytes,
  predictBytes,
  type WordVectorModel,
  wordVector,
  wordVectorBytes,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { LoadedModel } from "../image.ts";
import { serveTexts } from "../serve-texts.ts";
import { MODEL_FILE } from "./blazingtext-training.ts";
import { VECTORS_FILE } from "./word-vector-training.ts";

/** So many digits say exactly which float32 it is. */
const FLOAT32_DIGITS = 9;

/**
 * Loads `model.bin` or `vectors.bin`, or the only `.bin` or `.ftz` file of the directory (a model that fastText's own
 * program made): a classifier answers with labels, word vectors with vectors.
 */
export async function loadBlazingText(modelDirectory: string): Promise<LoadedModel> {
  const files = (await readdir(modelDirectory)).filter((name) => /\.(bin|ftz)$/.test(name));
  const name =
    [MODEL_FILE, VECTORS_FILE].find((usual) => files.includes(usual)) ?? (files.length === 1 ? files[0] : undefined);
  if (name === undefined) {
    throw new ClientError(
      `The model has no ${MODEL_FILE} or ${VECTORS_FILE}; of other .bin and .ftz files there ${files.length === 0 ? "is none" : "are several"}.`,
    );
  }
  const path = join(modelDirectory, name);
  const { size } = await stat(path);
  const chunks = createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  const file = await decodeFastTextFile({ chunks, byteLength: size }).catch((error: unknown) => {
    if (error instanceof FormatError || error instanceof RangeError)
      throw new ClientError(`${name}: ${error.message}`, { cause: error });
    throw error;
  });
  return file.kind === "classifier"
    ? serveTexts((text, { k = 1 }) => answerLabels(file.model, text, k), modelBytes(file.model))
    : serveTexts((word) => answerVector(file.model, word), wordVectorBytes(file.model));
}

function answerLabels(model: FastTextModel, text: Uint8Array, k: number): string {
  const predictions = predictBytes(model, text, text.length, { k, threshold: 0 });
  const labels = predictions.map(({ label }) => JSON.stringify(label)).join(",");
  const probabilities = predictions.map(({ probability }) => probability).join(",");
  return `{"label":[${labels}],"prob":[${probabilities}]}`;
}

/** Zeros for an unknown word, unless subwords were learned. */
function answerVector(model: WordVectorModel, word: Uint8Array): string {
  const numbers = Array.from(wordVector(model, word), (value) => Number(value.toPrecision(FLOAT32_DIGITS)));
  return `{"vector":[${numbers.join(",")}],"word":${JSON.stringify(Buffer.from(word).toString())}}`;
}
