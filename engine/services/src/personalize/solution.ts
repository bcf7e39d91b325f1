import type {
  CreateSolutionRequest,
  CreateSolutionResponse,
  DeleteSolutionRequest,
  DescribeSolutionRequest,
  DescribeSolutionResponse,
  ListSolutionsRequest,
  ListSolutionsResponse,
  SolutionConfig,
  UpdateSolutionRequest,
  UpdateSolutionResponse,
} from "@aws-sdk/client-personalize";
import { awsError, type Caller } from "@rondo/wire";
import { requireActiveGroup } from "./active-group.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  personalizeArn,
  requirePersonalize,
} from "./personalize-resource.ts";
import { requireRecipe, serviceArn } from "./recipe.ts";
import { RUNNING_STATUSES, refuseInUse } from "./resource-use.ts";
import type { Solution, SolutionBody } from "./solution-body.ts";
import { checkSolutionConfig, DEFAULT_SCHEDULE, readSchedule } from "./solution-config.ts";
import { describeSolution } from "./solution-description.ts";
import { firstTraining } from "./solution-schedule.ts";

export interface SolutionDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
}

/** CreateSolution, DescribeSolution, ListSolutions, UpdateSolution and DeleteSolution. */
export function createSolutionOperations(dependencies: SolutionDependencies) {
  const { sql, resources, clock } = dependencies;

  async function createSolution(input: CreateSolutionRequest, caller: Caller): Promise<CreateSolutionResponse> {
    const { name = "" } = input;
    const body = newBody(input);
    await requireActiveGroup(resources, caller, input.datasetGroupArn);
    const due = body.performAutoTraining ? firstTraining(clock.now()) : null;
    const solution = { type: "solution", name, status: "ACTIVE", body, due, tags: input.tags } as const;
    await insertPersonalize(dependencies, caller, solution);
    return { solutionArn: personalizeArn(caller, "solution", name) };
  }

  async function describe(input: DescribeSolutionRequest, caller: Caller): Promise<DescribeSolutionResponse> {
    const solution = await requirePersonalize<SolutionBody>(resources, caller, {
      type: "solution",
      arn: input.solutionArn,
    });
    return { solution: await describeSolution(resources, solution) };
  }

  async function listSolutions(input: ListSolutionsRequest, caller: Caller): Promise<ListSolutionsResponse> {
    const { datasetGroupArn } = input;
    const bodyContains = datasetGroupArn === undefined ? {} : { datasetGroupArn };
    const page = await listPersonalize<SolutionBody>(resources, caller, "solution", { ...input, bodyContains });
    return { solutions: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function updateSolution(input: UpdateSolutionRequest, caller: Caller): Promise<UpdateSolutionResponse> {
    refuseIncrementalUpdates(input.performIncrementalUpdate);
    const ref = { type: "solution", arn: input.solutionArn } as const;
    await sql.transaction(async (transaction) => {
      const solution = await requirePersonalize<SolutionBody>(resources, caller, ref, transaction);
      refuseInactive(solution);
      const body = updatedBody(solution.body, input, clock.now());
      // The kind works out when the next training is, from when the last one was.
      await resources.update(solution, { body, due: body.performAutoTraining ? "now" : null }, transaction);
    });
    return { solutionArn: input.solutionArn };
  }

  async function deleteSolution(input: DeleteSolutionRequest, caller: Caller): Promise<void> {
    const ref = { type: "solution", arn: input.solutionArn } as const;
    await sql.transaction(async (transaction) => {
      const solution = await requirePersonalize<SolutionBody>(resources, caller, ref, transaction);
      if (solution.status === "DELETE PENDING") return;
      const versions = { type: "solution-version", bodyContains: { solutionArn: solution.arn } } as const;
      await refuseInUse(transaction, solution, [
        { type: "campaign", bodyContains: { solutionArn: solution.arn } },
        { ...versions, statuses: RUNNING_STATUSES },
      ]);
      await resources.update(solution, { status: "DELETE PENDING", due: "now" }, transaction);
    });
  }

  return { createSolution, describeSolution: describe, listSolutions, updateSolution, deleteSolution };
}

/** The body of a solution as a request describes it. Throws what is wrong with it. */
function newBody(input: CreateSolutionRequest): SolutionBody {
  const { performAutoML = false, performAutoTraining = true, solutionConfig = {} } = input;
  refuseIncrementalUpdates(input.performIncrementalUpdate);
  const recipeArn = performAutoML ? chooseRecipe(input) : input.recipeArn;
  if (recipeArn === undefined)
    throw awsError("InvalidInputException", "Either recipeArn or performAutoML is required.");
  const recipe = requireRecipe(recipeArn);
  if (recipe.domain !== undefined) {
    const advice = "it is for recommenders of a domain dataset group. Use CreateRecommender.";
    throw awsError("InvalidInputException", `The recipe ${recipeArn} cannot be used for a solution: ${advice}`);
  }
  checkSolutionConfig(recipe, input);
  return {
    datasetGroupArn: input.datasetGroupArn ?? "",
    recipeArn,
    performAutoML,
    performHPO: performAutoML || (input.performHPO ?? false),
    performAutoTraining,
    eventType: input.eventType,
    solutionConfig: performAutoTraining ? withSchedule(solutionConfig) : solutionConfig,
  };
}

/** What AutoML comes down to here: the training of user personalization chooses among the algorithms, and its hyperparameters are tuned. */
function chooseRecipe({ recipeArn, solutionConfig }: CreateSolutionRequest): string {
  if (recipeArn !== undefined) throw awsError("InvalidInputException", "Omit recipeArn when performAutoML is true.");
  const candidates = solutionConfig?.autoMLConfig?.recipeList ?? [serviceArn("recipe", "aws-user-personalization")];
  const chosen = candidates.find((arn) => requireRecipe(arn).type === "USER_PERSONALIZATION");
  if (chosen !== undefined) return chosen;
  throw awsError(
    "InvalidInputException",
    "autoMLConfig.recipeList must name a recipe of the type USER_PERSONALIZATION.",
  );
}

function withSchedule(config: SolutionConfig): SolutionConfig {
  const { schedulingExpression = DEFAULT_SCHEDULE } = config.autoTrainingConfig ?? {};
  return { ...config, autoTrainingConfig: { schedulingExpression } };
}

function updatedBody(
  body: SolutionBody,
  { performAutoTraining = body.performAutoTraining, solutionUpdateConfig }: UpdateSolutionRequest,
  now: Date,
): SolutionBody {
  const { autoTrainingConfig, eventsConfig } = solutionUpdateConfig ?? {};
  readSchedule(autoTrainingConfig?.schedulingExpression);
  const config = {
    ...body.solutionConfig,
    ...(autoTrainingConfig === undefined ? {} : { autoTrainingConfig }),
    ...(eventsConfig === undefined ? {} : { eventsConfig }),
  };
  const latestUpdate = { performAutoTraining, solutionUpdateConfig, createdAt: now.toISOString() };
  const solutionConfig = performAutoTraining ? withSchedule(config) : config;
  return { ...body, performAutoTraining, solutionConfig, latestUpdate };
}

function refuseIncrementalUpdates(performIncrementalUpdate: boolean | undefined): void {
  if (performIncrementalUpdate !== true) return;
  const reason =
    "it is for the semantic-similarity recipe, which is not offered here. Events and new items count at once without it.";
  throw awsError("InvalidInputException", `performIncrementalUpdate is not supported: ${reason}`);
}

/** Throws ResourceInUseException for a solution that is being deleted. */
function refuseInactive({ arn, status }: Solution): void {
  if (status !== "ACTIVE") throw awsError("ResourceInUseException", `The solution ${arn} is in status ${status}.`);
}

function summarize({ name, arn, status, createdAt, updatedAt, body }: Solution) {
  const dates = { creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
  return { name, solutionArn: arn, status, recipeArn: body.recipeArn, ...dates };
}
