import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  readDatasetGroup,
  readModelDirectory,
  type TrainedModel,
  type TrainingReport,
  type TrainingRequest,
  trainModel,
  writeModelDirectory,
} from "@rondo/personalize";
import { openGarbageCollector } from "./collect-garbage.ts";
import type { PersonalizeProgram, ProgramContext } from "./program.ts";

/** What DuckDB may hold while the datasets are read. */
const MEMORY_LIMIT_MIB = 512;
/** Per cent between two lines of progress at least. */
const STEP = 5;

/** Trains a recipe on the datasets of `input/data` into `model`; what it measured goes to `output/data/metrics.json`. */
export const trainProgram: PersonalizeProgram<TrainingRequest> = {
  async run(request, context): Promise<void> {
    const { signal, log } = context;
    try {
      await train(request, context);
    } catch (error) {
      if (!signal.aborted) throw error;
      log("Stopped before the model was ready.");
    }
  },
};

async function train(
  request: TrainingRequest,
  { directory, signal, threads, clock, log }: ProgramContext,
): Promise<void> {
  log(`Training ${request.recipe}, ${request.trainingMode}.`);
  const group = await readDatasetGroup(directory, { threads, memoryLimitMiB: MEMORY_LIMIT_MIB, signal });
  for (const { schema, records } of Object.values(group.datasets)) log(`${schema.type}: ${records.count} records.`);
  const previous = await readPrevious(request, directory);
  const onProgress = progressLines(log);
  const { model, report } = await trainModel(group, request, { threads, clock, signal, onProgress }, previous);
  await writeModelDirectory(join(directory, "model"), model, signal);
  const output = join(directory, "output", "data");
  await mkdir(output, { recursive: true });
  await writeFile(join(output, "metrics.json"), JSON.stringify(report));
  logReport(report, log);
}

/** The model that an UPDATE goes on from. */
async function readPrevious({ trainingMode }: TrainingRequest, directory: string): Promise<TrainedModel | undefined> {
  return trainingMode === "UPDATE" ? await readModelDirectory(join(directory, "input", "data", "model")) : undefined;
}

/** Progress comes after each fit of an algorithm. */
function progressLines(log: (line: string) => void): (fraction: number, work: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  const collectGarbage = openGarbageCollector();
  return (fraction, work) => {
    collectGarbage();
    const percent = Math.floor(fraction * 100);
    if (percent < last + STEP && percent < 100) return;
    last = percent;
    log(`${percent} % ${work}`);
  };
}

function logReport({ metrics, tunedHyperparameters }: TrainingReport, log: (line: string) => void): void {
  if (tunedHyperparameters !== undefined) log(`Tuned hyperparameters: ${JSON.stringify(tunedHyperparameters)}`);
  for (const [name, value] of Object.entries(metrics)) log(`${name}: ${value.toFixed(4)}`);
}
