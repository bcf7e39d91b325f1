import { evaluate, type FastTextModel, fastText, readText } from "@rondo/learn";
import { listChannelFiles } from "../channel-files.ts";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { readChannel } from "./blazingtext-data.ts";
import { withoutEffect } from "./blazingtext-hyperparameters.ts";
import { createProgressReport } from "./blazingtext-log.ts";
import { type Channels, trainWordVectors } from "./word-vector-training.ts";

export const MODEL_FILE = "model.bin";

/** Writes `model/model.bin`, or `model/vectors.bin` and `.txt`; the log has BlazingText's lines. */
export async function trainBlazingText(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const mode = String(values["mode"]);
  for (const name of withoutEffect(mode, context.hyperparameters)) {
    context.log(`The hyperparameter ${name} has no effect in mode ${mode}.`);
  }
  const channels = await findChannels(context.directory);
  if (mode === "supervised") await trainClassifier(values, channels, context);
  else await trainWordVectors(values, channels, context);
}

async function trainClassifier(
  values: HyperparameterValues,
  channels: Channels,
  context: TrainingContext,
): Promise<void> {
  const model = await fit(values, channels, context);
  await saveModel(context.directory, MODEL_FILE, fastText.encode(model));
  if (context.signal.aborted) return;
  await reportAccuracy("train", model, channels.train, context);
  if (channels.validation !== undefined) await reportAccuracy("validation", model, channels.validation, context);
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
  const report = createProgressReport(context);
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
  report.finish(model.vocabulary);
  return model;
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
