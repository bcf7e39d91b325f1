import { DataError, finishAtOnce, finishInSlices, type SlicedWork } from "@rondo/learn";
import { ClientError } from "./client-error.ts";
import type { InvocationRequest, InvocationResponse, LoadedModel } from "./image.ts";
import { findOnlyInstance } from "./only-instance.ts";

const JSON_TYPE = "application/json";
const JSON_LINES_TYPE = "application/jsonlines";
/** Bytes of texts and answers that are worked on in one go: a few milliseconds. */
const SLICE_BYTES = 32 * 1024;

/** What the request's `configuration` says, or a line of JSON lines. */
export interface TextConfiguration {
  /** At most this many labels. */
  readonly k?: number;
  /** Whether the answer says why. */
  readonly explain?: boolean;
}

/** The answer to one text in UTF-8, as JSON. */
export type AnswerText = (text: Uint8Array, configuration: TextConfiguration) => string;

/** Serves a model of texts with BlazingText's requests and answers: `{"instances": ["text"], "configuration": {"k": 1}}`, or lines `{"source": "text", "k": 1}`. */
export function serveTexts(answerText: AnswerText, sizeBytes: number): LoadedModel {
  return {
    invoke: (request) => finishAtOnce(answer(answerText, request)),
    invokeInSlices: (request) => finishInSlices(answer(answerText, request)),
    sizeBytes,
    close: () => {},
  };
}

/** Throws nothing: what is wrong with a request becomes an answer with status 400 or 415. */
function* answer(answerText: AnswerText, request: InvocationRequest): SlicedWork<InvocationResponse> {
  try {
    const contentType = mediaType(request.contentType);
    if (contentType === JSON_TYPE || contentType === "") return yield* answerJson(answerText, request);
    if (contentType === JSON_LINES_TYPE) return yield* answerJsonLines(answerText, request.body);
    return failure(
      415,
      `Content type ${request.contentType} is not supported; supported are ${JSON_TYPE} and ${JSON_LINES_TYPE}.`,
    );
  } catch (error) {
    if (error instanceof ClientError || error instanceof DataError) return failure(400, error.message);
    throw error;
  }
}

function* answerJson(answerText: AnswerText, { body, accept }: InvocationRequest): SlicedWork<InvocationResponse> {
  const lines = mediaType(accept) === JSON_LINES_TYPE;
  const only = findOnlyInstance(body);
  if (only !== undefined && !lines) {
    return { status: 200, contentType: JSON_TYPE, body: `[${answerText(only, {})}]` };
  }
  const { instances, configuration } = parseRequest(parseJson(body.toString()));
  const answers = yield* predictLines(answerText, questionsOf(instances, configuration));
  return lines
    ? { status: 200, contentType: JSON_LINES_TYPE, body: joinLines(answers) }
    : { status: 200, contentType: JSON_TYPE, body: `[${answers.join(",")}]` };
}

function* answerJsonLines(answerText: AnswerText, body: Buffer): SlicedWork<InvocationResponse> {
  const lines = body
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new ClientError("The request is empty.");
  const answers = yield* predictLines(answerText, parseLines(lines));
  return { status: 200, contentType: JSON_LINES_TYPE, body: joinLines(answers) };
}

interface Question {
  readonly text: string;
  readonly configuration: TextConfiguration;
}

function* questionsOf(instances: readonly string[], configuration: TextConfiguration): Generator<Question> {
  for (const text of instances) yield { text, configuration };
}

function* parseLines(lines: readonly string[]): Generator<Question> {
  for (const [index, line] of lines.entries()) {
    const { source, ...configuration } = parseJson(line) as { source?: unknown };
    if (typeof source !== "string") throw new ClientError(`Line ${index + 1} has no text "source".`);
    yield { text: source, configuration: readConfiguration(configuration) };
  }
}

function* predictLines(answerText: AnswerText, questions: Iterable<Question>): SlicedWork<string[]> {
  const answers: string[] = [];
  let taken = 0;
  for (const { text, configuration } of questions) {
    const bytes = Buffer.from(text);
    const line = answerText(bytes, configuration);
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

function parseRequest(request: object): Omit<Question, "text"> & { readonly instances: readonly string[] } {
  const { instances, configuration } = request as { instances?: unknown; configuration?: object };
  if (!Array.isArray(instances))
    throw new ClientError('The request must be of the form {"instances": ["text"], "configuration": {"k": 1}}.');
  for (const [index, instance] of instances.entries()) {
    if (typeof instance !== "string") throw new ClientError(`Instance ${index + 1} is not a text.`);
  }
  return { instances, configuration: readConfiguration(configuration ?? {}) };
}

function readConfiguration(configuration: { readonly k?: unknown; readonly explain?: unknown }): TextConfiguration {
  const { k, explain } = configuration;
  if (k !== undefined && (!Number.isSafeInteger(k) || Number(k) < 1))
    throw new ClientError(`k must be an integer of at least 1, not ${JSON.stringify(k)}.`);
  if (explain !== undefined && typeof explain !== "boolean")
    throw new ClientError(`explain must be true or false, not ${JSON.stringify(explain)}.`);
  return { k: k as number | undefined, explain };
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

function mediaType(header: string): string {
  const end = header.indexOf(";");
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

function failure(status: number, message: string): InvocationResponse {
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ error: message }) };
}
