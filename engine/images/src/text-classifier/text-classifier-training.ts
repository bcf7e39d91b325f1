import { type LabelledText, type TextClassifierModel, textClassifier, textClassifierParameters } from "@rondo/learn";
import { listChannelFiles } from "../channel-files.ts";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { readTextChannel } from "./text-channel.ts";
import { hyperparameterName } from "./text-classifier-hyperparameters.ts";

export const MODEL_FILE = "model.rtc";
/** Lines of the log that tell how far the training is. */
const STEPS = 20;

/** Trains and writes `model/model.rtc`; judges it on the channel validation where there is one. */
export async function trainTextClassifier(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const { directory, clock, log, signal, threads } = context;
  const [train, validation] = await Promise.all(
    ["train", "validation"].map((channel) => listChannelFiles(directory, channel)),
  );
  if (train === undefined) throw new ClientError("The channel train is required.");
  if (train.length === 0) throw new ClientError("The channel train has no file.");
  if (validation?.length === 0) throw new ClientError("The channel validation has no file.");
  const start = clock.now().getTime();
  log("Training has begun.");
  let step = 0;
  const model = await inUserTerms(() =>
    textClassifier.fit(
      parametersOf(values),
      { train: readTextChannel(train) },
      {
        seed: Number(values["seed"]),
        threads,
        stop: signal,
        onProgress: ({ fraction, processed }) => {
          if (fraction === 0) return;
          if (step === 0) log(`Number of train examples: ${processed}`);
          if (fraction * STEPS < step) return;
          step = Math.floor(fraction * STEPS) + 1;
          log(`Progress: ${((step - 1) * 100) / STEPS}%`);
        },
      },
    ),
  );
  if (signal.aborted) log("Training was stopped; what has been learned so far is kept.");
  describe(model, log);
  log(`Total training time in seconds: ${((clock.now().getTime() - start) / 1000).toFixed(2)}`);
  await saveModel(directory, MODEL_FILE, textClassifier.encode(model));
  if (validation !== undefined && !signal.aborted) await inUserTerms(() => judge(model, validation, log));
}

function parametersOf(values: HyperparameterValues): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(textClassifierParameters).flatMap(([name, { type }]) => {
      const value = values[hyperparameterName(name)];
      if (value === undefined) return [];
      return [[name, type === "boolean" ? value === "True" : value]];
    }),
  );
}

function describe({ labels, weighting, frequencies, task, texts }: TextClassifierModel, log: (line: string) => void) {
  log(`Number of texts: ${texts}`);
  log(`Number of labels: ${labels.length} (${task})`);
  log(`Number of features: ${frequencies.length}`);
  log(
    `Word n-grams up to ${weighting.wordNgrams}, n-grams of characters up to ${weighting.maxChar}, in ${weighting.minDocumentFrequency} texts at least`,
  );
}

/** Accuracy is the share of texts that get just the labels that they have. */
async function judge(model: TextClassifierModel, files: readonly string[], log: (line: string) => void): Promise<void> {
  const counts = new Map(model.labels.map((label) => [label, { hits: 0, given: 0, had: 0 }]));
  let [examples, exact] = [0, 0];
  for await (const text of readTextChannel(files)) {
    examples++;
    if (countOutcome(model, text, counts)) exact++;
  }
  if (examples === 0) throw new ClientError("The channel validation is empty.");
  let [sum, hits, all] = [0, 0, 0];
  for (const each of counts.values()) {
    sum += each.hits > 0 ? (2 * each.hits) / (each.given + each.had) : 0;
    hits += each.hits;
    all += each.given + each.had;
  }
  log(`#validation_accuracy: ${(exact / examples).toFixed(6)}`);
  log(`#validation_micro_f1: ${(hits > 0 ? (2 * hits) / all : 0).toFixed(6)}`);
  log(`#validation_macro_f1: ${(sum / counts.size).toFixed(6)}`);
  log(`Number of validation examples: ${examples}`);
}

function countOutcome(
  model: TextClassifierModel,
  { text, labels }: LabelledText,
  counts: Map<string, { hits: number; given: number; had: number }>,
): boolean {
  const [predictions = []] = textClassifier.predict(model, [{ text }]);
  const given = new Set(predictions.map(({ label }) => label));
  const had = new Set(labels);
  for (const label of had) {
    const count = counts.get(label) ?? { hits: 0, given: 0, had: 0 };
    counts.set(label, count);
    count.had++;
    if (given.has(label)) count.hits++;
  }
  for (const label of given) {
    const count = counts.get(label);
    if (count) count.given++;
  }
  return given.size === had.size && [...given].every((label) => had.has(label));
}
