import type { Owner, Resource, Resources } from "@rondo/store";
import type { DataDeletionJobBody } from "./data-deletion-job-body.ts";
import type { LiveVersion } from "./live-version.ts";
import type { PersonalizeJobBody } from "./personalize-job.ts";
import { listPersonalize, type PersonalizeType, parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";

/** A model that answers although it may have learned from records that have been deleted. */
export interface ErasedModel {
  /** The campaign or recommender, and the version that it answers with. */
  readonly arn: string;
  readonly solutionVersionArn: string;
  /** The last deletion since its training began. */
  readonly dataDeletionJobArn: string;
}

/** What answers with a model, and what trains one. */
const ANSWERING: readonly PersonalizeType[] = ["campaign", "recommender"];
const TRAINED: readonly PersonalizeType[] = ["solution-version", "recommender-training"];

/**
 * The campaigns and recommenders of a dataset group whose model began to be trained before a deletion of users had ended. It follows from the rows alone, so
 * that one leaves the list when it answers with a model of a later training.
 */
export async function findErasedModels(
  resources: Pick<Resources, "find" | "list">,
  owner: Owner,
  datasetGroupArn: string,
): Promise<ErasedModel[]> {
  const deletions: Resource<DataDeletionJobBody>[] = [];
  for await (const job of allOf<DataDeletionJobBody>(resources, owner, "data-deletion-job", datasetGroupArn)) {
    if (job.status === "Completed" && (job.body.numDeleted ?? 0) > 0) deletions.push(job);
  }
  const erased: ErasedModel[] = [];
  for (const type of deletions.length === 0 ? [] : ANSWERING) {
    for await (const { arn, body } of allOf<{ readonly live?: LiveVersion }>(resources, owner, type, datasetGroupArn)) {
      if (body.live === undefined) continue;
      const { solutionVersionArn } = body.live;
      const began = await trainingBegan(resources, owner, solutionVersionArn);
      const last = deletions.findLast((job) => Date.parse(job.body.endedAt ?? "") > began);
      if (last !== undefined) erased.push({ arn, solutionVersionArn, dataDeletionJobArn: last.arn });
    }
  }
  return erased;
}

/** In milliseconds since 1970; 0 for a version that has been deleted, of which nothing is known. */
async function trainingBegan(resources: Pick<Resources, "find">, owner: Owner, versionArn: string): Promise<number> {
  for (const type of TRAINED) {
    const name = parsePersonalizeArn(versionArn, type)?.name;
    if (name === undefined) continue;
    const version = await resources.find<PersonalizeJobBody>(owner, personalizeType(type), name);
    return Date.parse(version?.body.startedAt ?? "") || 0;
  }
  return 0;
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
