import { FilterError } from "../filters/filter-error.ts";
import { AnsweringError } from "./answering-error.ts";

/** A line of a batch job's input, as an object. */
export type BatchInput = Readonly<Record<string, unknown>>;

/** What is wrong with one line; the others are answered all the same. */
export class BatchLineError extends Error {
  override readonly name = "BatchLineError";
}

/** Reads a line. Throws BatchLineError. */
export function readBatchLine(line: string): BatchInput {
  let input: unknown;
  try {
    input = JSON.parse(line);
  } catch (cause) {
    throw new BatchLineError("The line is not JSON.", { cause });
  }
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as BatchInput;
  throw new BatchLineError('The line is no object such as {"userId": "1"}.');
}

/** A member that has to be a text. Throws BatchLineError. */
export function requireText(input: BatchInput, member: string): string {
  const value = input[member];
  if (typeof value === "string" && value !== "") return value;
  throw new BatchLineError(`The line needs ${member}, a text.`);
}

/** The line of output for a line of input: `{"input": …, "output": …, "error": …}`, one of the last two null. */
export function answerLine(line: string, answer: (input: BatchInput) => object): string {
  let input: unknown = line;
  try {
    const read = readBatchLine(line);
    input = read;
    return JSON.stringify({ input, output: answer(read), error: null });
  } catch (error) {
    const isOfLine = [AnsweringError, BatchLineError, FilterError].some((kind) => error instanceof kind);
    if (!isOfLine) throw error;
    return JSON.stringify({ input, output: null, error: (error as Error).message });
  }
}
