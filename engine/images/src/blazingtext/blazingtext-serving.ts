import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { DataError, type FastTextModel, FormatError, fastText, modelBytes, predictBytes } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { InvocationRequest, InvocationResponse, LoadedModel } from "../image.ts";
import { findOnlyInstance } from "../only-instance.ts";
import { MODEL_FILE } from "./blazingtext-training.ts";

const JSON_TYPE = "application/json";
const JSON_LINES_TYPE = "application/jsonlines";
/** What is predicted in one go: a few milliseconds' work. */
const SLICE_BYTES = 32 * 1024;
/** An answer costs about as much as this many bytes of text. */
const ANSWER_BYTES = 32;

/** Loads `model.bin`, or the only `.bin` file of the directory (a model that fastText's own program made). */
export async function loadBlazingText(modelDirectory: string): Promise<LoadedModel> {
  const files = (await readdir(modelDirectory)).filter((name) => name.endsWith(".bin"));
  const name = files.includes(MODEL_FILE) ? MODEL_FILE : files.length === 1 ? files[0] : undefined;
  if (name === undefined) {
    throw new ClientError(
      `The model has no ${MODEL_FILE}; of other .bin files there ${files.length === 0 ? "is none" : "are several"}.`,
    );
  }
  const path = join(modelDirectory, name);
  const { size } = await stat(path);
  const chunks = createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  const model = await fastText.decode({ chunks, byteLength: size }).catch((error: unknown) => {
    if (error instanceof FormatError || error instanceof RangeError)
      throw new ClientError(`${name}: ${error.message}`, { cause: error });
    throw error;
  });
  return {
    invoke: (request) => finishAtOnce(answer(model, request)),
    invokeInSlices: (request) => finishInSlices(answer(model, request)),
    sizeBytes: modelBytes(model),
    close: () => {},
  };
}

/** Work that may pause at each `yield`. */
type Sliced<Result> = Generator<undefined, Result>;

/** Throws nothing: what is wrong with a request becomes an answer with status 400 or 415. */
function* answer(model: FastTextModel, request: InvocationRequest): Sliced<InvocationResponse> {
  try {
    const contentType = mediaType(request.contentType);
    if (contentType === JSON_TYPE || contentType === "") return yield* answerJson(model, request);
    if (contentType === JSON_LINES_TYPE) return yield* answerJsonLines(model, request.body);
    return failure(
      415,
      `Content type ${request.contentType} is not supported; supported are ${JSON_TYPE} and ${JSON_LINES_TYPE}.`,
    );
  } catch (error) {
    if (error instanceof ClientError || error instanceof DataError) return failure(400, error.message);
    throw error;
  }
}

function* answerJson(model: FastTextModel, { body, accept }: InvocationRequest): Sliced<InvocationResponse> {
  const lines = mediaType(accept) === JSON_LINES_TYPE;
  const only = findOnlyInstance(body);
  if (only !== undefined && !lines) {
    return { status: 200, contentType: JSON_TYPE, body: `[${predictLine(model, only, 1)}]` };
  }
  const { instances, k } = parseRequest(parseJson(body.toString()));
  const answers = yield* predictLines(model, questionsOf(instances, k));
  return lines
    ? { status: 200, contentType: JSON_LINES_TYPE, body: joinLines(answers) }
    : { status: 200, contentType: JSON_TYPE, body: `[${answers.join(",")}]` };
}

function* answerJsonLines(model: FastTextModel, body: Buffer): Sliced<InvocationResponse> {
  const lines = body
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new ClientError("The request is empty.");
  const answers = yield* predictLines(model, parseLines(lines));
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

function* predictLines(model: FastTextModel, questions: Iterable<Question>): Sliced<string[]> {
  const answers: string[] = [];
  let taken = 0;
  for (const { text, k } of questions) {
    const bytes = Buffer.from(text);
    answers.push(predictLine(model, bytes, k));
    taken += bytes.length + ANSWER_BYTES;
    if (taken < SLICE_BYTES) continue;
    taken = 0;
    yield;
  }
  return answers;
}

function joinLines(answers: readonly string[]): string {
  return answers.length === 0 ? "" : `${answers.join("\n")}\n`;
}

function predictLine(model: FastTextModel, text: Uint8Array, k: number): string {
  const predictions = predictBytes(model, text, text.length, { k, threshold: 0 });
  const labels = predictions.map(({ label }) => JSON.stringify(label)).join(",");
  const probabilities = predictions.map(({ probability }) => probability).join(",");
  return `{"label":[${labels}],"prob":[${probabilities}]}`;
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
