import type {
  DescribeRecipeRequest,
  DescribeRecipeResponse,
  ListRecipesRequest,
  ListRecipesResponse,
} from "@aws-sdk/client-personalize";
import { findRecipe, type Recipe, recipes, replacedRecipes } from "@rondo/personalize";
import { awsError } from "@rondo/wire";
import { readPosition, writePosition } from "./list-position.ts";
import { personalizeNotFound } from "./personalize-resource.ts";

/** What comes with the service has no region and no account. */
const SERVICE_ARN = "arn:aws:personalize:::";

/** Of everything that comes with the service: the day on which Personalize became generally available. */
export const SERVICE_DATE = new Date("2019-06-10T00:00:00Z");

/** The kinds of things that come with the service. */
type ServiceWord = "recipe" | "algorithm" | "feature-transformation";

export function serviceArn(word: ServiceWord, name: string): string {
  return `${SERVICE_ARN}${word}/${name}`;
}

/** The name that an ARN of this kind carries. */
export function serviceName(word: ServiceWord, arn: string): string | undefined {
  const prefix = serviceArn(word, "");
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}

/** The recipe of an ARN. Throws ResourceNotFoundException; InvalidInputException, which names the successor, for a recipe that was replaced. */
export function requireRecipe(arn = ""): Recipe {
  const name = serviceName("recipe", arn);
  if (name === undefined) throw personalizeNotFound(arn);
  if (isReplaced(name)) {
    const successor = serviceArn("recipe", replacedRecipes[name]);
    throw awsError("InvalidInputException", `The recipe ${arn} is no longer offered. Use ${successor} in its place.`);
  }
  const recipe = findRecipe(name);
  if (recipe === undefined) throw personalizeNotFound(arn);
  return recipe;
}

/** ListRecipes and DescribeRecipe. */
export function createRecipeOperations() {
  async function listRecipes(input: ListRecipesRequest): Promise<ListRecipesResponse> {
    const { domain, maxResults = 100, nextToken } = input;
    const start = readPosition(nextToken);
    const all: readonly Recipe[] = recipes;
    const inDomain = domain === undefined ? all : all.filter((recipe) => recipe.domain === domain);
    const page = inDomain.slice(start, start + maxResults);
    return { recipes: page.map(summarize), nextToken: writePosition(start + page.length, inDomain.length) };
  }

  async function describeRecipe(input: DescribeRecipeRequest): Promise<DescribeRecipeResponse> {
    const recipe = requireRecipe(input.recipeArn);
    const { featureTransformation: feature } = recipe;
    return {
      recipe: {
        ...summarize(recipe),
        algorithmArn: serviceArn("algorithm", recipe.algorithm),
        featureTransformationArn: feature === undefined ? undefined : serviceArn("feature-transformation", feature),
        description: recipe.description,
        recipeType: recipe.type,
      },
    };
  }

  return { listRecipes, describeRecipe };
}

function summarize({ name, domain }: Recipe) {
  const dates = { creationDateTime: SERVICE_DATE, lastUpdatedDateTime: SERVICE_DATE };
  return { name, recipeArn: serviceArn("recipe", name), status: "ACTIVE", domain, ...dates };
}

function isReplaced(name: string): name is keyof typeof replacedRecipes {
  return Object.hasOwn(replacedRecipes, name);
}
