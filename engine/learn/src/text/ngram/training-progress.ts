import type { FitContext } from "../../algorithm.ts";

/** Of the whole progress, until all texts are read: nobody knows before how many there are. */
const READING = 0.05;

/** Models to be trained, stage after stage. A stage may end with fewer than it was planned with. */
export interface TrainingStages {
  /** At most so many models in each stage. */
  readonly models: readonly number[];
  readonly texts: number;
}

/** Tells how far a training of many models is: evenly by their number, and never less than before. */
export interface TrainingProgress {
  /** So many models more are trained. */
  advance(models: number): void;
  /** What was planned for the stage and is not needed is as good as done. */
  endStage(): void;
}

/** Tells that so many texts were read. */
export function reportReading({ onProgress }: Pick<FitContext, "onProgress">, texts: number): void {
  report(onProgress, 0, texts);
}

export function createTrainingProgress(
  { onProgress }: Pick<FitContext, "onProgress">,
  { models, texts }: TrainingStages,
): TrainingProgress {
  const total = models.reduce((sum, count) => sum + count, 0);
  let stage = 0;
  let ended = 0;
  let done = 0;
  const tell = (): void => report(onProgress, READING + ((1 - READING) * done) / total, texts);
  return {
    advance(count) {
      done = Math.min(done + count, ended + (models[stage] ?? 0));
      tell();
    },
    endStage() {
      ended += models[stage++] ?? 0;
      done = ended;
      tell();
    },
  };
}

function report(onProgress: FitContext["onProgress"], fraction: number, processed: number): void {
  // Coordinate descent has no learning rate: each of its steps is exact.
  onProgress?.({ fraction, processed, learningRate: 1, loss: Number.NaN });
}
