import type {
  CreateSolutionVersionRequest,
  CreateSolutionVersionResponse,
  DescribeSolutionVersionRequest,
  DescribeSolutionVersionResponse,
  GetSolutionMetricsRequest,
  GetSolutionMetricsResponse,
  ListSolutionVersionsRequest,
  ListSolutionVersionsResponse,
  StopSolutionVersionCreationRequest,
} from "@aws-sdk/client-personalize";
import { awsError, type Caller } from "@rondo/wire";
import { randomRunSuffix } from "../jobs/job-run-id.ts";
import { type AccountLimit, refuseBeyond } from "./account-limit.ts";
import { describePersonalizeJob, newPersonalizeJob } from "./personalize-job.ts";
import {
  insertPersonalize,
  listPersonalize,
  type NewPersonalizeResource,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { requireRecipe } from "./recipe.ts";
import { RUNNING_STATUSES } from "./resource-use.ts";
import type { Solution, SolutionBody, SolutionVersion, SolutionVersionBody } from "./solution-body.ts";
import { describeVersion, newestVersion, summarizeVersion } from "./solution-description.ts";

export interface SolutionVersionDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
  /** Makes what distinguishes a version from every other one: 12 hexadecimal digits, of which its ARN has the first 8. Default: random. */
  readonly createId?: () => string;
}

/** What one version has of its own. */
export interface NewVersion {
  /** 12 hexadecimal digits; the first 8 are the end of its ARN. */
  readonly id: string;
  readonly trainingMode: SolutionVersionBody["trainingMode"];
  readonly trainingType: SolutionVersionBody["trainingType"];
  readonly givenName?: string | undefined;
  readonly previousModelUri?: string | undefined;
  readonly tags?: CreateSolutionVersionRequest["tags"];
}

/** AWS's: versions that have not ended, of an account and region. */
const LIMIT: AccountLimit = { type: "solution-version", max: 20, statuses: RUNNING_STATUSES };

/** CreateSolutionVersion, DescribeSolutionVersion, ListSolutionVersions, StopSolutionVersionCreation and GetSolutionMetrics. */
export function createSolutionVersionOperations(dependencies: SolutionVersionDependencies) {
  const { sql, resources, clock, createId = randomRunSuffix } = dependencies;
  const find = (caller: Caller, arn: string | undefined) =>
    requirePersonalize<SolutionVersionBody>(resources, caller, { type: "solution-version", arn });

  async function createSolutionVersion(
    input: CreateSolutionVersionRequest,
    caller: Caller,
  ): Promise<CreateSolutionVersionResponse> {
    const ref = { type: "solution", arn: input.solutionArn } as const;
    const { trainingMode = "FULL" } = input;
    const trained = trainingMode === "UPDATE" ? await findTrained(caller, input.solutionArn) : undefined;
    const arn = await sql.transaction(async (transaction) => {
      // Locked, so that it is not deleted meanwhile.
      const solution = await requirePersonalize<SolutionBody>(resources, caller, ref, transaction);
      refuseMode(solution, trainingMode, trained);
      await refuseBeyond(transaction, caller, LIMIT);
      const own = { id: createId(), givenName: input.name, tags: input.tags, previousModelUri: trained?.body.modelUri };
      const version = newSolutionVersion(solution, { ...own, trainingMode, trainingType: "MANUAL" }, caller, clock);
      return (await insertPersonalize(dependencies, caller, version, transaction)).arn;
    });
    return { solutionVersionArn: arn };
  }

  /** The newest version that has a model. */
  async function findTrained(caller: Caller, solutionArn: string | undefined): Promise<SolutionVersion | undefined> {
    const solution = await requirePersonalize<SolutionBody>(resources, caller, { type: "solution", arn: solutionArn });
    return await newestVersion(resources, solution, "Completed");
  }

  async function describeSolutionVersion(
    input: DescribeSolutionVersionRequest,
    caller: Caller,
  ): Promise<DescribeSolutionVersionResponse> {
    return { solutionVersion: describeVersion(await find(caller, input.solutionVersionArn)) };
  }

  async function listSolutionVersions(
    input: ListSolutionVersionsRequest,
    caller: Caller,
  ): Promise<ListSolutionVersionsResponse> {
    const { solutionArn } = input;
    const query = { ...input, bodyContains: solutionArn === undefined ? {} : { solutionArn } };
    const page = await listPersonalize<SolutionVersionBody>(resources, caller, "solution-version", query);
    return { solutionVersions: page.resources.map(summarizeVersion), nextToken: page.nextToken };
  }

  async function stopSolutionVersionCreation(input: StopSolutionVersionCreationRequest, caller: Caller): Promise<void> {
    const ref = { type: "solution-version", arn: input.solutionVersionArn } as const;
    await sql.transaction(async (transaction) => {
      const version = await requirePersonalize<SolutionVersionBody>(resources, caller, ref, transaction);
      if (version.status === "Stopping") return;
      if (version.status !== "InProgress") {
        const { status } = describePersonalizeJob(version);
        throw awsError(
          "ResourceInUseException",
          `The solution version ${version.arn} is ${status} and cannot be stopped.`,
        );
      }
      await resources.update(version, { status: "Stopping", due: "now" }, transaction);
    });
  }

  async function getSolutionMetrics(
    input: GetSolutionMetricsRequest,
    caller: Caller,
  ): Promise<GetSolutionMetricsResponse> {
    const { arn, body, status } = await find(caller, input.solutionVersionArn);
    if (status === "Completed") return { solutionVersionArn: arn, metrics: { ...body.metrics } };
    throw awsError("ResourceInUseException", `The solution version ${arn} has no metrics: it must be ACTIVE.`);
  }

  return {
    createSolutionVersion,
    describeSolutionVersion,
    listSolutionVersions,
    stopSolutionVersionCreation,
    getSolutionMetrics,
  };
}

/** The row of a version whose training begins now. */
export function newSolutionVersion(
  solution: Solution,
  { id, tags, ...own }: NewVersion,
  creator: Pick<Caller, "accessKeyId">,
  clock: { now(): Date },
): NewPersonalizeResource<SolutionVersionBody> {
  const { datasetGroupArn, recipeArn, performAutoML, performHPO, eventType, solutionConfig } = solution.body;
  const name = `${solution.name}/${id.slice(0, 8)}`;
  const training = { datasetGroupArn, recipeArn, performAutoML, performHPO, eventType, solutionConfig };
  const job = newPersonalizeJob(name, creator, { clock, createId: () => id });
  const body = { solutionArn: solution.arn, ...training, ...own, ...job };
  return { type: "solution-version", name, status: "InProgress", body, due: "now", tags };
}

/** Throws for a version that this solution cannot have now. */
function refuseMode(
  { arn, status, body }: Solution,
  mode: SolutionVersionBody["trainingMode"],
  trained: SolutionVersion | undefined,
): void {
  if (status !== "ACTIVE") throw awsError("ResourceInUseException", `The solution ${arn} is in status ${status}.`);
  if (mode === "FULL") return;
  if (mode === "AUTOTRAIN") {
    throw awsError(
      "InvalidInputException",
      "trainingMode AUTOTRAIN is that of automatic training; use FULL or UPDATE.",
    );
  }
  if (!requireRecipe(body.recipeArn).canUpdate) {
    throw awsError("InvalidInputException", `The recipe ${body.recipeArn} does not support trainingMode UPDATE.`);
  }
  if (trained === undefined) {
    throw awsError(
      "InvalidInputException",
      `The solution ${arn} has no ACTIVE solution version to update. Create one with trainingMode FULL first.`,
    );
  }
}
