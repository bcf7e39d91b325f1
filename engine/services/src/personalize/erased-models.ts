import type { Owner, Resource, Resources } from "@rondo/store";
import type { DataDeletionJobBody, LiveModel } from "./data-deletion-job-body.ts";
import type { LiveVersion } from "./live-version.ts";
import { listPersonalize, type PersonalizeType } from "./personalize-resource.ts";

/** A model that still answers although it may have learned from records that a job deleted. */
export interface ErasedModel extends LiveModel {
  readonly dataDeletionJobArn: string;
}

/** What answers with a model. */
const ANSWERING: readonly PersonalizeType[] = ["campaign", "recommender"];

/** The campaigns and recommenders of a dataset group that answer, and with which version. */
export async function findLiveModels(
  resources: Pick<Resources, "list">,
  owner: Owner,
  datasetGroupArn: string,
): Promise<LiveModel[]> {
  const models: LiveModel[] = [];
  for (const type of ANSWERING) {
    for await (const { arn, body } of allOf<{ readonly live?: LiveVersion }>(resources, owner, type, datasetGroupArn)) {
      if (body.live !== undefined) models.push({ arn, solutionVersionArn: body.live.solutionVersionArn });
    }
  }
  return models;
}

/**
 * The models of a dataset group that answer with a version from before a deletion of users. A campaign or recommender leaves the list when it answers with
 * another version, so that the next training clears it.
 */
export async function findErasedModels(
  resources: Pick<Resources, "list">,
  owner: Owner,
  datasetGroupArn: string,
): Promise<ErasedModel[]> {
  const live = await findLiveModels(resources, owner, datasetGroupArn);
  const erased: ErasedModel[] = [];
  for await (const job of allOf<DataDeletionJobBody>(resources, owner, "data-deletion-job", datasetGroupArn)) {
    for (const model of job.body.liveModels ?? []) {
      const isLive = live.some(
        ({ arn, solutionVersionArn }) => arn === model.arn && solutionVersionArn === model.solutionVersionArn,
      );
      if (isLive) erased.push({ ...model, dataDeletionJobArn: job.arn });
    }
  }
  return erased;
}

async function* allOf<Body extends object>(
  resources: Pick<Resources, "list">,
  owner: Owner,
  type: PersonalizeType,
  datasetGroupArn: string,
): AsyncGenerator<Resource<Body>> {
  for (let nextToken: string | undefined; ; ) {
    const page = await listPersonalize<Body>(resources, owner, type, { nextToken, bodyContains: { datasetGroupArn } });
    yield* page.resources;
    if (page.nextToken === undefined) return;
    nextToken = page.nextToken;
  }
}
