import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceKind } from "@rondo/control";
import type { TrainingReport, TrainingRequest } from "@rondo/personalize";
import { type DatasetRecords, packArchive } from "@rondo/store";
import type { JobDefinition, JobKindDependencies, JobPlace } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { metricsKey, modelKey, type TrainingType } from "./model-files.ts";
import { definePersonalizeJob } from "./personalize-job.ts";
import { requireRecipe } from "./recipe.ts";
import type { SolutionVersion, SolutionVersionBody } from "./solution-body.ts";
import { stageDatasets } from "./stage-datasets.ts";
import { stageModel } from "./stage-model.ts";
import { internalUri, type PersonalizeStorage } from "./storage.ts";

/** Where tests kill the server. */
export const solutionVersionCrashPoints = jobCrashPoints("solution-version");

/** What runs a training; tests put another in its place. */
export interface TrainingProgram {
  /** The argument vector. */
  readonly command: readonly string[];
  /** Writes the program's configuration into what stands for `/opt/ml`. */
  configure(directory: string, request: TrainingRequest): Promise<void>;
}

export interface TrainingKindDependencies extends JobKindDependencies {
  readonly storage: PersonalizeStorage;
  readonly records: DatasetRecords;
  readonly program: TrainingProgram;
}

const MAX_REPORT_BYTES = 4 * 1024 ** 2;

/** Solution versions, or the trainings of recommenders: datasets in, a model and its metrics out. */
export function createTrainingKind(
  dependencies: TrainingKindDependencies,
  type: TrainingType,
): ResourceKind<SolutionVersionBody> {
  return createJobKind(dependencies, defineTrainings(dependencies, type));
}

function defineTrainings(
  dependencies: TrainingKindDependencies,
  type: TrainingType,
): JobDefinition<SolutionVersionBody> {
  const { storage, program } = dependencies;

  async function stage(version: SolutionVersion, { directory, signal }: JobPlace): Promise<void> {
    const { datasetGroupArn, previousModelUri } = version.body;
    await stageDatasets(dependencies, { owner: version, datasetGroupArn, directory, signal });
    if (previousModelUri !== undefined) {
      await stageModel(storage, { owner: version, modelUri: previousModelUri }, { directory, signal });
    }
    await program.configure(directory, trainingRequest(version.body));
  }

  async function upload(version: SolutionVersion, { directory, signal }: JobPlace): Promise<SolutionVersionBody> {
    if (version.body.run.outcome?.result !== "Completed") return version.body;
    const { bytes, report } = await readReport(directory);
    const key = modelKey(type, version.name);
    await storage.put(version, metricsKey(type, version.name), bytes, signal);
    await storage.put(version, key, packArchive(join(directory, "model"), signal), signal);
    const { metrics, tunedHyperparameters: tunedParameters } = report;
    const tuned = tunedParameters === undefined ? {} : { tunedParameters };
    return { ...version.body, modelUri: internalUri(version, key), metrics, ...tuned };
  }

  return {
    ...definePersonalizeJob<SolutionVersionBody>(type, program.command),
    findProblem: async () => undefined,
    stage,
    upload,
  };
}

function trainingRequest(body: SolutionVersionBody): TrainingRequest {
  const { recipeArn, trainingMode, performHPO, eventType, solutionConfig } = body;
  const mode = trainingMode === "UPDATE" ? "UPDATE" : "FULL";
  return { recipe: requireRecipe(recipeArn).name, trainingMode: mode, performHPO, eventType, solutionConfig };
}

/** What the training measured. A program of ours that leaves none is broken. */
async function readReport(directory: string): Promise<{ readonly bytes: Buffer; readonly report: TrainingReport }> {
  const path = join(directory, "output", "data", "metrics.json");
  const { size } = await stat(path);
  if (size > MAX_REPORT_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MAX_REPORT_BYTES}.`);
  const bytes = await readFile(path);
  return { bytes, report: JSON.parse(bytes.toString()) as TrainingReport };
}
