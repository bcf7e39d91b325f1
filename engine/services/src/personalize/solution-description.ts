import type {
  Solution as SolutionDescription,
  SolutionUpdateSummary,
  SolutionVersion as SolutionVersionDescription,
  SolutionVersionSummary,
} from "@aws-sdk/client-personalize";
import type { Resources } from "@rondo/store";
import { describePersonalizeJob } from "./personalize-job.ts";
import { personalizeType } from "./personalize-resource.ts";
import type { Solution, SolutionUpdateBody, SolutionVersion, SolutionVersionBody } from "./solution-body.ts";

const MS_PER_HOUR = 3_600_000;

/** A solution as DescribeSolution shows it, with its newest version. */
export async function describeSolution(
  resources: Pick<Resources, "list">,
  solution: Solution,
): Promise<SolutionDescription> {
  const { name, arn, status, createdAt, updatedAt, body } = solution;
  const newest = await newestVersion(resources, solution);
  return {
    name,
    solutionArn: arn,
    status,
    performAutoML: body.performAutoML,
    performHPO: body.performHPO,
    performAutoTraining: body.performAutoTraining,
    // AWS shows what was given, and what was chosen apart.
    recipeArn: body.performAutoML ? undefined : body.recipeArn,
    autoMLResult: body.performAutoML ? { bestRecipeArn: body.recipeArn } : undefined,
    datasetGroupArn: body.datasetGroupArn,
    eventType: body.eventType,
    solutionConfig: body.solutionConfig,
    creationDateTime: createdAt,
    lastUpdatedDateTime: updatedAt,
    latestSolutionVersion: newest === undefined ? undefined : summarizeVersion(newest),
    latestSolutionUpdate: body.latestUpdate === undefined ? undefined : summarizeUpdate(body.latestUpdate),
  };
}

export function summarizeVersion(version: SolutionVersion): SolutionVersionSummary {
  const { trainingMode, trainingType } = version.body;
  return { solutionVersionArn: version.arn, trainingMode, trainingType, ...describePersonalizeJob(version) };
}

/** A version as DescribeSolutionVersion shows it. */
export function describeVersion(version: SolutionVersion): SolutionVersionDescription {
  const { arn, status, body } = version;
  return {
    name: body.givenName,
    solutionVersionArn: arn,
    solutionArn: body.solutionArn,
    performHPO: body.performHPO,
    performAutoML: body.performAutoML,
    recipeArn: body.recipeArn,
    eventType: body.eventType,
    datasetGroupArn: body.datasetGroupArn,
    solutionConfig: body.solutionConfig,
    trainingHours: status === "Completed" ? trainingHours(body) : undefined,
    trainingMode: body.trainingMode,
    trainingType: body.trainingType,
    tunedHPOParams: body.tunedParameters === undefined ? undefined : { algorithmHyperParameters: body.tunedParameters },
    ...describePersonalizeJob(version),
  };
}

function trainingHours({ startedAt = "", endedAt = "" }: SolutionVersionBody): number {
  return (Date.parse(endedAt) - Date.parse(startedAt)) / MS_PER_HOUR;
}

/** The version that was created last; with a status only of those. */
export async function newestVersion(
  resources: Pick<Resources, "list">,
  { accountId, region, name }: Pick<Solution, "accountId" | "region" | "name">,
  status?: "Completed",
): Promise<SolutionVersion | undefined> {
  const type = personalizeType("solution-version");
  const order = { sortBy: "createdAt", sortOrder: "descending", limit: 1 } as const;
  const query = { accountId, region, type, namePrefix: `${name}/`, status, ...order };
  return (await resources.list<SolutionVersionBody>(query)).resources[0];
}

function summarizeUpdate({
  performAutoTraining,
  solutionUpdateConfig,
  createdAt,
}: SolutionUpdateBody): SolutionUpdateSummary {
  const at = new Date(createdAt);
  const dates = { creationDateTime: at, lastUpdatedDateTime: at };
  return { performAutoTraining, solutionUpdateConfig, status: "ACTIVE", ...dates };
}
