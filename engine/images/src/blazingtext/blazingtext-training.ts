import { evaluate, type FastTextModel, type FitProgress, fastText, readText } from "@rondo/learn";
import { listChannelFiles } from "../channel-files.ts";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { readChannel } from "./blazingtext-data.ts";

export const MODEL_FILE = "model.bin";

/** Trains in mode supervised and writes `model/model.bin`; the log has BlazingText's lines. */
export async function trainBlazingText(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  if (values["mode"] !== "supervised") {
    throw new ClientError(`The mode ${values["mode"]} (Word2Vec) is not supported yet; supported is: supervised.`);
  }
  const channels = await findChannels(context.directory);
  const model = await fit(values, channels, context);
  await saveModel(context.directory, MODEL_FILE, fastText.encode(model));
  if (context.signal.aborted) return;
  await reportAccuracy("train", model, channels.train, context);
  if (channels.validation !== undefined) await reportAccuracy("validation", model, channels.validation, context);
}

interface Channels {
  readonly train: readonly string[];
  readonly validation: readonly string[] | undefined;
}

async function findChannels(directory: string): Promise<Channels> {
  const [train, validation] = await Promise.all(
    ["train", "validation"].map((name) => listChannelFiles(directory, name)),
  );
  if (train === undefined) throw new ClientError("The channel train is required.");
  if (train.length === 0) throw new ClientError("The channel train has no file.");
  if (validation?.length === 0) throw new ClientError("The channel validation has no file.");
  return { train, validation };
}

async function fit(values: HyperparameterValues, channels: Channels, context: TrainingContext): Promise<FastTextModel> {
  const number = (name: string): number => Number(values[name]);
  const parameters = {
    vectorDim: number("vector_dim"),
    epochs: number("epochs"),
    learningRate: number("learning_rate"),
    minCount: number("min_count"),
    wordNgrams: number("word_ngrams"),
    buckets: number("buckets"),
    earlyStopping: values["early_stopping"] === "True",
    minEpochs: number("min_epochs"),
    patience: number("patience"),
  };
  const validation = channels.validation === undefined ? undefined : readChannel(channels.validation);
  if (parameters.earlyStopping && validation === undefined) {
    throw new ClientError("The hyperparameter early_stopping is True, but there is no channel validation.");
  }
  const start = context.clock.now().getTime();
  const report = createProgressReport(context, start);
  const model = await inUserTerms(() =>
    fastText.fit(
      parameters,
      { train: readChannel(channels.train), validation },
      {
        seed: 0,
        threads: context.threads,
        stop: context.signal,
        onProgress: report.progress,
      },
    ),
  );
  report.finish(model);
  return model;
}

/** A line for each twentieth of the way, and for each judged epoch. */
function createProgressReport({ log, clock, signal }: TrainingContext, start: number) {
  let reported = -1;
  let processed = 0;
  const seconds = (): number => Math.max(1e-3, (clock.now().getTime() - start) / 1000);
  const millionWords = (): string => (processed / 1e6 / seconds()).toFixed(2);
  return {
    progress(progress: FitProgress): void {
      processed = progress.processed;
      const step = Math.floor(progress.fraction * 20);
      if (step > reported) {
        reported = step;
        const alpha = progress.learningRate.toFixed(4);
        const percent = (progress.fraction * 100).toFixed(2);
        log(
          `##### Alpha: ${alpha}  Progress: ${percent}%  Loss: ${progress.loss.toFixed(4)}  Million Words/sec: ${millionWords()} #####`,
        );
      }
      if (progress.epoch === undefined) return;
      log(`-------------- End of epoch: ${progress.epoch.number}`);
      log(`Validation accuracy: ${progress.epoch.validationAccuracy.toFixed(6)}`);
      log(
        progress.epoch.improved
          ? "Validation accuracy improved! Storing best weights..."
          : "Validation accuracy has not improved.",
      );
    },
    finish(model: FastTextModel): void {
      if (signal.aborted) log("Training was stopped; what has been learned so far is kept.");
      log("Training finished.");
      log(`Number of words: ${model.vocabulary.words}`);
      log(`Number of labels: ${model.vocabulary.labels}`);
      log(`Average throughput in Million words/sec: ${millionWords()}`);
      log(`Total training time in seconds: ${seconds().toFixed(2)}`);
    },
  };
}

async function reportAccuracy(
  channel: "train" | "validation",
  model: FastTextModel,
  files: readonly string[],
  { log }: TrainingContext,
): Promise<void> {
  const { accuracy, examples } = evaluate(model, await readText(readChannel(files), model.vocabulary));
  if (examples === 0) throw new ClientError(`The channel ${channel} has no labelled line.`);
  log(`#${channel}_accuracy: ${accuracy.toFixed(4)}`);
  log(`Number of ${channel} examples: ${examples}`);
}
