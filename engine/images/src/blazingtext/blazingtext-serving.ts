import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  DataError,
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
import type { InvocationRequest, InvocationResponse, LoadedModel } from "../image.ts";
import { findOnlyInstance } from "../only-instance.ts";
import { MODEL_FILE } from "./blazingtext-training.ts";
import { VECTORS_FILE } from "./word-vector-training.ts";

const JSON_TYPE = "application/json";
const JSON_LINES_TYPE = "application/jsonlines";
/** Bytes of texts and answers that are worked on in one go: a few milliseconds. */
const SLICE_BYTES = 32 * 1024;
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
  const answerOne: AnswerOne =
    file.kind === "classifier"
      ? (text, k) => answerLabels(file.model, text, k)
      : (word) => answerVector(file.model, word);
  return {
    invoke: (request) => finishAtOnce(answer(answerOne, request)),
    invokeInSlices: (request) => finishInSlices(answer(answerOne, request)),
    sizeBytes: file.kind === "classifier" ? modelBytes(file.model) : wordVectorBytes(file.model),
    close: () => {},
  };
}

/** The answer to one instance, as JSON. */
type AnswerOne = (text: Uint8Array, k: number) => string;

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

/** Work that may pause at each `yield`. */
type Sliced<Result> = Generator<undefined, Result>;

/** Throws nothing: what is wrong with a request becomes an answer with status 400 or 415. */
function* answer(answerOne: AnswerOne, request: InvocationRequest): Sliced<InvocationResponse> {
  try {
    const contentType = mediaType(request.contentType);
    if (contentType === JSON_TYPE || contentType === "") return yield* answerJson(answerOne, request);
    if (contentType === JSON_LINES_TYPE) return yield* answerJsonLines(answerOne, request.body);
    return failure(
      415,
      `Content type ${request.contentType} is not supported; supported are ${JSON_TYPE} and ${JSON_LINES_TYPE}.`,
    );
  } catch (error) {
    if (error instanceof ClientError || error instanceof DataError) return failure(400, error.message);
    throw error;
  }
}

function* answerJson(answerOne: AnswerOne, { body, accept }: InvocationRequest): Sliced<InvocationResponse> {
  const lines = mediaType(accept) === JSON_LINES_TYPE;
  const only = findOnlyInstance(body);
  if (only !== undefined && !lines) {
    return { status: 200, contentType: JSON_TYPE, body: `[${answerOne(only, 1)}]` };
  }
  const { instances, k } = parseRequest(parseJson(body.toString()));
  const answers = yield* predictLines(answerOne, questionsOf(instances, k));
  return lines
    ? { status: 200, contentType: JSON_LINES_TYPE, body: joinLines(answers) }
    : { status: 200, contentType: JSON_TYPE, body: `[${answers.join(",")}]` };
}

function* answerJsonLines(answerOne: AnswerOne, body: Buffer): Sliced<InvocationResponse> {
  const lines = body
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new ClientError("The request is empty.");
  const answers = yield* predictLines(answerOne, parseLines(lines));
  return { status: 200, contentType: JSON_LINES_TYPE, body: joinLines(answers) };
}

interface Question {
  readonly text: string;
  readonly k: number;
}

function* questionsOf(instances: readonly string[], k: number): Generator<Question> {
  for (const text of instances) yield { text, k };
}

function* parseLines(lines: readonly string[]): Generator<Question> {
  for (const [index, line] of lines.entries()) {
    const { source, k } = parseJson(line) as { source?: unknown; k?: unknown };
    if (typeof source !== "string") throw new ClientError(`Line ${index + 1} has no text "source".`);
    yield { text: source, k: readK(k) };
  }
}

function* predictLines(answerOne: AnswerOne, questions: Iterable<Question>): Sliced<string[]> {
  const answers: string[] = [];
  let taken = 0;
  for (const { text, k } of questions) {
    const bytes = Buffer.from(text);
    const line = answerOne(bytes, k);
    answers.push(line);
    taken += bytes.length + line.length;
    if (taken < SLICE_BYTES) continue;
    taken = 0;
    yield;
  }
  return answers;
}

function joinLines(answers: readonly string[]): string {
  return answers.length === 0 ? "" : `${answers.join("\n")}\n`;
}

function parseRequest(request: unknown): { readonly instances: readonly string[]; readonly k: number } {
  const { instances, configuration } = request as { instances?: unknown; configuration?: { k?: unknown } };
  if (!Array.isArray(instances))
    throw new ClientError('The request must be of the form {"instances": ["text"], "configuration": {"k": 1}}.');
  for (const [index, instance] of instances.entries()) {
    if (typeof instance !== "string") throw new ClientError(`Instance ${index + 1} is not a text.`);
  }
  return { instances, k: readK(configuration?.k) };
}

function readK(k: unknown): number {
  if (k === undefined) return 1;
  if (!Number.isSafeInteger(k) || Number(k) < 1)
    throw new ClientError(`k must be an integer of at least 1, not ${JSON.stringify(k)}.`);
  return Number(k);
}

/** A JSON object. */
function parseJson(text: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ClientError(`The request is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null) throw new ClientError("The request must be a JSON object.");
  return parsed;
}

function finishAtOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

async function finishInSlices<Result>(work: Sliced<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await setImmediate();
  }
}

function mediaType(header: string): string {
  const end = header.indexOf(";");
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

function failure(status: number, message: string): InvocationResponse {
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ error: message }) };
}
