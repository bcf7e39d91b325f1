import type {
  DefaultHyperParameterRanges,
  DescribeAlgorithmRequest,
  DescribeAlgorithmResponse,
  DescribeFeatureTransformationRequest,
  DescribeFeatureTransformationResponse,
} from "@aws-sdk/client-personalize";
import { type Recipe, type RecipeParameter, recipes } from "@rondo/personalize";
import { personalizeNotFound } from "./personalize-resource.ts";
import { SERVICE_DATE, serviceArn, serviceName } from "./recipe.ts";

/** DescribeAlgorithm and DescribeFeatureTransformation: what stands behind the recipes. */
export function createAlgorithmOperations() {
  const all: readonly Recipe[] = recipes;

  async function describeAlgorithm({
    algorithmArn = "",
  }: DescribeAlgorithmRequest): Promise<DescribeAlgorithmResponse> {
    const name = serviceName("algorithm", algorithmArn);
    const recipe = all.find(({ algorithm }) => algorithm === name);
    if (recipe === undefined || name === undefined) throw personalizeNotFound(algorithmArn);
    return {
      algorithm: {
        name,
        algorithmArn: serviceArn("algorithm", name),
        // A program of this house: there is no image that anybody could pull.
        algorithmImage: { name, dockerURI: `rondo/personalize:${recipe.learner}` },
        defaultHyperParameters: defaultsOf(recipe.hyperparameters),
        defaultHyperParameterRanges: rangesOf(recipe.hyperparameters),
        trainingInputMode: "File",
        creationDateTime: SERVICE_DATE,
        lastUpdatedDateTime: SERVICE_DATE,
      },
    };
  }

  async function describeFeatureTransformation({
    featureTransformationArn = "",
  }: DescribeFeatureTransformationRequest): Promise<DescribeFeatureTransformationResponse> {
    const name = serviceName("feature-transformation", featureTransformationArn);
    const recipe = all.find(({ featureTransformation }) => featureTransformation === name);
    if (recipe === undefined || name === undefined) throw personalizeNotFound(featureTransformationArn);
    return {
      featureTransformation: {
        name,
        featureTransformationArn: serviceArn("feature-transformation", name),
        defaultParameters: defaultsOf(recipe.featureTransformationParameters),
        creationDateTime: SERVICE_DATE,
        lastUpdatedDateTime: SERVICE_DATE,
        status: "ACTIVE",
      },
    };
  }

  return { describeAlgorithm, describeFeatureTransformation };
}

function defaultsOf(parameters: readonly RecipeParameter[]): Record<string, string> {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
}

function rangesOf(parameters: readonly RecipeParameter[]): DefaultHyperParameterRanges {
  const numbers = (type: "integer" | "continuous") =>
    parameters.flatMap((parameter) => {
      if (parameter.type !== type) return [];
      const { name, minimum, maximum, tunable } = parameter;
      return [{ name, minValue: minimum, maxValue: maximum, isTunable: tunable }];
    });
  const categories = parameters.flatMap((parameter) => {
    if (parameter.type !== "categorical") return [];
    const { name, values, tunable } = parameter;
    return [{ name, values: [...values], isTunable: tunable }];
  });
  return {
    integerHyperParameterRanges: numbers("integer"),
    continuousHyperParameterRanges: numbers("continuous"),
    categoricalHyperParameterRanges: categories,
  };
}
