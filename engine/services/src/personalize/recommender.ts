import type {
  CreateRecommenderRequest,
  CreateRecommenderResponse,
  DescribeRecommenderRequest,
  DescribeRecommenderResponse,
  ListRecommendersRequest,
  ListRecommendersResponse,
} from "@aws-sdk/client-personalize";
import type { Recipe } from "@rondo/personalize";
import { awsError, type Caller } from "@rondo/wire";
import { requireActiveGroup } from "./active-group.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  personalizeArn,
  requirePersonalize,
} from "./personalize-resource.ts";
import { requireRecipe } from "./recipe.ts";
import { describeRecommender, type RecommenderBody, summarizeRecommender } from "./recommender-body.ts";
import { checkRecommenderConfig } from "./recommender-config.ts";

/** AWS's, where minRecommendationRequestsPerSecond is missing. */
const DEFAULT_REQUESTS_PER_SECOND = 1;

/** CreateRecommender, DescribeRecommender and ListRecommenders. */
export function createRecommenderOperations(dependencies: PersonalizeStore) {
  const { resources } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "recommender", arn }) as const;

  async function createRecommender(
    input: CreateRecommenderRequest,
    caller: Caller,
  ): Promise<CreateRecommenderResponse> {
    const { name = "", datasetGroupArn = "", recipeArn = "", recommenderConfig = {} } = input;
    const recipe = requireRecipe(recipeArn);
    const group = await requireActiveGroup(resources, caller, datasetGroupArn);
    refuseForeignRecipe(recipe, group.body.domain, datasetGroupArn);
    checkRecommenderConfig(recipe, recommenderConfig);
    const config = { minRecommendationRequestsPerSecond: DEFAULT_REQUESTS_PER_SECOND, ...recommenderConfig };
    const body: RecommenderBody = { datasetGroupArn, recipeArn, recommenderConfig: config };
    const recommender = { type: "recommender", name, status: "CREATE PENDING", body, due: "now" } as const;
    await insertPersonalize(dependencies, caller, { ...recommender, tags: input.tags });
    return { recommenderArn: personalizeArn(caller, "recommender", name) };
  }

  async function describe(input: DescribeRecommenderRequest, caller: Caller): Promise<DescribeRecommenderResponse> {
    const ref = refTo(input.recommenderArn);
    return { recommender: describeRecommender(await requirePersonalize<RecommenderBody>(resources, caller, ref)) };
  }

  async function listRecommenders(input: ListRecommendersRequest, caller: Caller): Promise<ListRecommendersResponse> {
    const { datasetGroupArn } = input;
    const bodyContains = datasetGroupArn === undefined ? {} : { datasetGroupArn };
    const page = await listPersonalize<RecommenderBody>(resources, caller, "recommender", { ...input, bodyContains });
    return { recommenders: page.resources.map(summarizeRecommender), nextToken: page.nextToken };
  }

  return { createRecommender, describeRecommender: describe, listRecommenders };
}

/** Throws InvalidInputException for a recipe that is no use case of the dataset group's domain. */
function refuseForeignRecipe({ name, domain }: Recipe, groupDomain: string | undefined, groupArn: string): void {
  if (domain !== undefined && domain === groupDomain) return;
  const recipe = domain === undefined ? "is for solutions. Use CreateSolution" : `is for the domain ${domain}`;
  const group = groupDomain === undefined ? "has no domain" : `has the domain ${groupDomain}`;
  throw awsError("InvalidInputException", `The recipe ${name} ${recipe}; the dataset group ${groupArn} ${group}.`);
}
