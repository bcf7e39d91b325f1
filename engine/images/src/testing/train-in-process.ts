import { join } from "node:path";
import type { BuiltInImage, LoadedModel, TrainingContext } from "../image.ts";
import { type ChannelFiles, createContainerDirectory } from "./container-process.ts";

export interface InProcessTraining extends Partial<TrainingContext> {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: ChannelFiles;
  /** Of all channels. Default: none. */
  readonly contentType?: string | undefined;
}

/** What a training left, until it is disposed of. */
export interface TrainedInProcess extends AsyncDisposable {
  /** Of the log. */
  readonly lines: readonly string[];
  readonly modelDirectory: string;
  load(): Promise<LoadedModel>;
}

/** Trains in this process, on one thread and a clock that stands still. Throws what the training throws. */
export async function trainInProcess(
  image: BuiltInImage,
  { channels, contentType, ...context }: InProcessTraining,
): Promise<TrainedInProcess> {
  const directory = await createContainerDirectory(context.hyperparameters, channels, contentType);
  const lines: string[] = [];
  try {
    await image.train({
      directory: directory.path,
      signal: new AbortController().signal,
      clock: { now: () => new Date(0) },
      log: (line) => void lines.push(line),
      threads: 1,
      ...context,
    });
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
  const modelDirectory = join(directory.path, "model");
  return {
    lines,
    modelDirectory,
    load: () => image.load(modelDirectory),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
