import type { FitProgress } from "@rondo/learn";
import type { TrainingContext } from "../image.ts";

/** BlazingText's lines: one for each twentieth of the way, and for each judged epoch; throughput at the end. */
export function createProgressReport({ log, clock, signal }: TrainingContext) {
  const start = clock.now().getTime();
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
    finish(vocabulary: { readonly words: number; readonly labels?: number }): void {
      if (signal.aborted) log("Training was stopped; what has been learned so far is kept.");
      log("Training finished.");
      log(`Number of words: ${vocabulary.words}`);
      if (vocabulary.labels !== undefined) log(`Number of labels: ${vocabulary.labels}`);
      log(`Average throughput in Million words/sec: ${millionWords()}`);
      log(`Total training time in seconds: ${seconds().toFixed(2)}`);
    },
  };
}
