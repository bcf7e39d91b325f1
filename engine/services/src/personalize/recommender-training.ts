import type { RecommenderConfig } from "@aws-sdk/client-personalize";
import { AwsError } from "@rondo/wire";
import { modelPrefix } from "./model-files.ts";
import { newPersonalizeJob } from "./personalize-job.ts";
import { insertPersonalize, type PersonalizeStore, personalizeType } from "./personalize-resource.ts";
import type { Recommender } from "./recommender-body.ts";
import type { SolutionVersion, SolutionVersionBody } from "./solution-body.ts";
import type { PersonalizeStorage } from "./storage.ts";

export interface RecommenderTrainingDependencies extends PersonalizeStore {
  readonly storage: Pick<PersonalizeStorage, "deletePrefix">;
  readonly clock: { now(): Date };
}

/** More than a recommender ever has at a time: the one that it answers with, and those that are left to sweep. */
const PAGE = 100;

/** The trainings of recommenders: rows of their own, jobs like solution versions, that no List operation shows. */
export function createRecommenderTrainings(dependencies: RecommenderTrainingDependencies) {
  const { resources, storage, clock } = dependencies;
  const type = personalizeType("recommender-training");

  /** The training of this name, which begins now when it is not there yet. */
  async function ensure(recommender: Recommender, name: string, config: RecommenderConfig): Promise<SolutionVersion> {
    const found = await resources.find<SolutionVersionBody>(recommender, type, name);
    if (found !== undefined) return found;
    const { datasetGroupArn, recipeArn } = recommender.body;
    const body: SolutionVersionBody = {
      solutionArn: recommender.arn,
      datasetGroupArn,
      recipeArn,
      performAutoML: false,
      performHPO: false,
      solutionConfig: config.trainingDataConfig === undefined ? {} : { trainingDataConfig: config.trainingDataConfig },
      trainingMode: "FULL",
      trainingType: "AUTOMATIC",
      ...newPersonalizeJob(name, { accessKeyId: "" }, { clock }),
    };
    const training = { type: "recommender-training", name, status: "InProgress", body, due: "now" } as const;
    try {
      return await insertPersonalize(dependencies, recommender, training);
    } catch (error) {
      const other = await resources.find<SolutionVersionBody>(recommender, type, name);
      if (!(error instanceof AwsError) || other === undefined) throw error;
      return other;
    }
  }

  /** Deletes every other training that has ended, with its model, and stops those that go on; whether some do. */
  async function sweep(recommender: Recommender, keep: string | undefined, signal: AbortSignal): Promise<boolean> {
    const { accountId, region, name } = recommender;
    const query = { accountId, region, type, namePrefix: `${name}/`, limit: PAGE };
    const { resources: all } = await resources.list<SolutionVersionBody>(query);
    let goOn = false;
    for (const training of all.filter((one) => one.name !== keep)) {
      if (training.status === "InProgress") await resources.update(training, { status: "Stopping", due: "now" });
      if (training.status === "InProgress" || training.status === "Stopping") {
        goOn = true;
        continue;
      }
      await storage.deletePrefix(recommender, modelPrefix("recommender-training", training.name), signal);
      await resources.delete(training);
    }
    return goOn;
  }

  return { ensure, sweep };
}
