import { createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import {
  type AnsweringModel,
  BATCH_FOLDERS,
  type BatchRequest,
  groupsAtOnce,
  type LiveRecords,
  openAnsweringModel,
  openBatchInference,
  openBatchSegments,
  readLiveRecords,
  readModelDirectory,
} from "@rondo/personalize";
import { ClientError } from "../client-error.ts";
import { readTextLines } from "../read-text-lines.ts";
import type { PersonalizeProgram, ProgramContext } from "./program.ts";

/** Lines that are answered between two looks at whether the job is stopped. */
const LINES_OF_SLICE = 32;
const LINES_OF_PROGRESS = 10_000;

/** Gives lines for lines; a part at a time, so that the memory does not grow with the file. */
type AnswerLines = (lines: AsyncIterable<string>) => AsyncIterable<string>;

/** Answers every line of the job's objects with a model: batch inference jobs and batch segment jobs. */
export const batchProgram: PersonalizeProgram<BatchRequest> = {
  async run(request, context): Promise<void> {
    const { signal, log } = context;
    try {
      await answerObjects(request, context);
    } catch (error) {
      if (!signal.aborted) throw error;
      log("Stopped before every line was answered.");
    }
  },
};

async function answerObjects(request: BatchRequest, { directory, signal, log }: ProgramContext): Promise<void> {
  const model = await openAnsweringModel(await readModelDirectory(join(directory, BATCH_FOLDERS.model)));
  const live = (await readLiveRecords(directory, signal)).ofItems;
  const { items, users } = model.trained;
  log(`A model of ${model.recipe.name} with ${items.ids.length} items and ${users.ids.length} users.`);
  const context = { signal, log };
  const answer =
    request.kind === "segment"
      ? answerSegments(model, live, request, context)
      : answerEach(openBatchInference(model, live, request), context);
  const source = join(directory, BATCH_FOLDERS.requests);
  const files = (await readdir(source, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  if (files.length === 0) throw new ClientError("There is no object to answer in jobInput.s3DataSource.path.");
  for (const { parentPath, name } of files.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = relative(source, join(parentPath, name));
    const target = join(directory, BATCH_FOLDERS.answers, `${path}.out`);
    await mkdir(dirname(target), { recursive: true });
    log(`Answering ${path}.`);
    const lines = Readable.from(answer(textLines(join(parentPath, name))));
    await pipeline(lines, createWriteStream(target), { signal });
  }
}

async function* textLines(file: string): AsyncGenerator<string> {
  for await (const { line } of readTextLines(file)) yield line;
}

type Talk = Pick<ProgramContext, "signal" | "log">;

function answerEach(answer: (line: string) => string, { signal, log }: Talk): AnswerLines {
  return async function* (lines) {
    let count = 0;
    let answers = "";
    for await (const line of lines) {
      answers += `${answer(line)}\n`;
      count += 1;
      if (count % LINES_OF_PROGRESS === 0) log(`${count} lines answered.`);
      if (count % LINES_OF_SLICE !== 0) continue;
      yield answers;
      answers = "";
      await setImmediate();
      signal.throwIfAborted();
    }
    if (answers !== "") yield answers;
    log(`${count} lines answered, the last.`);
  };
}

/** Every user is judged once for as many lines as fit into memory. */
function answerSegments(
  model: AnsweringModel,
  live: LiveRecords,
  request: BatchRequest,
  { signal, log }: Talk,
): AnswerLines {
  const answer = openBatchSegments(model, live, request);
  const onProgress = (users: number, ofUsers: number): void => {
    if (users % LINES_OF_PROGRESS < LINES_OF_SLICE) log(`${users} of ${ofUsers} users judged.`);
  };
  const most = groupsAtOnce(model);
  return async function* (lines) {
    let group: string[] = [];
    const answerGroup = async (): Promise<string> => {
      const answers = await answer(group, { signal, onProgress });
      log(`${group.length} lines answered.`);
      return `${answers.join("\n")}\n`;
    };
    for await (const line of lines) {
      group.push(line);
      if (group.length < most) continue;
      yield await answerGroup();
      group = [];
    }
    if (group.length > 0) yield await answerGroup();
  };
}
