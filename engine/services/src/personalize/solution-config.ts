import type { CreateSolutionRequest, HPOConfig, SolutionConfig, TrainingDataConfig } from "@aws-sdk/client-personalize";
import { toClientError } from "@rondo/images";
import { type Recipe, type RecipeParameter, resolveRecipeParameters } from "@rondo/personalize";
import { type AwsError, awsError } from "@rondo/wire";

/** Of one tuning, as AWS allows. */
const MAX_TUNING_JOBS = 40;
const MAX_PARALLEL_TUNING_JOBS = 10;
const MAX_TRAINING_PERIOD_DAYS = 30;
/** What every record needs cannot be left out. */
const REQUIRED_COLUMNS: readonly string[] = ["USER_ID", "ITEM_ID", "TIMESTAMP", "ACTION_ID"];

/** The schedule of a solution that names none. */
export const DEFAULT_SCHEDULE = "rate(7 days)";

/** Checks what a solution says of its training against its recipe. Throws InvalidInputException, which names the member and what it may be. */
export function checkSolutionConfig(recipe: Recipe, input: CreateSolutionRequest): void {
  const { solutionConfig: config = {}, performHPO = false } = input;
  checkParameters(recipe.hyperparameters, config.algorithmHyperParameters);
  checkParameters(recipe.featureTransformationParameters, config.featureTransformationParameters);
  if (performHPO && recipe.hyperparameters.every(({ tunable }) => !tunable)) {
    throw invalid(`performHPO is not supported by the recipe ${recipe.name}: it has no hyperparameters to tune.`);
  }
  checkTuning(recipe, config.hpoConfig ?? {});
  checkEvents(config);
  checkObjective(recipe, config);
  checkTrainingData(config.trainingDataConfig);
  readSchedule(config.autoTrainingConfig?.schedulingExpression);
}

/** The days between two automatic trainings. Throws InvalidInputException. */
export function readSchedule(expression: string = DEFAULT_SCHEDULE): number {
  const days = Number(/^rate\((\d+) days?\)$/.exec(expression)?.[1]);
  if (days >= 1 && days <= MAX_TRAINING_PERIOD_DAYS) return days;
  throw invalid(
    `The schedulingExpression ${expression} must be rate(1 day) to rate(${MAX_TRAINING_PERIOD_DAYS} days).`,
  );
}

/** Throws InvalidInputException for columns that every record needs, and for datasets that are none. */
export function checkTrainingData({ excludedDatasetColumns, includedDatasetColumns }: TrainingDataConfig = {}): void {
  if (excludedDatasetColumns !== undefined && includedDatasetColumns !== undefined) {
    throw invalid("trainingDataConfig has either excludedDatasetColumns or includedDatasetColumns, not both.");
  }
  for (const [dataset, columns] of Object.entries(excludedDatasetColumns ?? {})) {
    const required = columns.find((column) => REQUIRED_COLUMNS.includes(column));
    if (required !== undefined) throw invalid(`The column ${required} of ${dataset} cannot be excluded from training.`);
  }
  for (const dataset of Object.keys({ ...excludedDatasetColumns, ...includedDatasetColumns })) {
    if (/^(interactions|items|users|actions|action_interactions)$/i.test(dataset)) continue;
    throw invalid(
      `trainingDataConfig names ${dataset}: it must be INTERACTIONS, ITEMS, USERS, ACTIONS or ACTION_INTERACTIONS.`,
    );
  }
}

function checkParameters(parameters: readonly RecipeParameter[], given: Readonly<Record<string, string>> = {}): void {
  try {
    resolveRecipeParameters(parameters, given);
  } catch (error) {
    const refusal = toClientError(error);
    if (refusal === undefined) throw error;
    throw invalid(refusal.message);
  }
}

function checkTuning(
  recipe: Recipe,
  { algorithmHyperParameterRanges: ranges = {}, hpoResourceConfig }: HPOConfig,
): void {
  const numbers = [...(ranges.integerHyperParameterRanges ?? []), ...(ranges.continuousHyperParameterRanges ?? [])];
  for (const { name = "", minValue, maxValue } of numbers) {
    checkTunable(recipe, name);
    for (const bound of [minValue, maxValue]) {
      if (bound !== undefined) checkParameters(recipe.hyperparameters, { [name]: String(bound) });
    }
    if (minValue !== undefined && maxValue !== undefined && minValue > maxValue) {
      throw invalid(`The range of ${name} goes from ${minValue} to ${maxValue}: minValue must not be above maxValue.`);
    }
  }
  for (const { name = "", values = [] } of ranges.categoricalHyperParameterRanges ?? []) {
    checkTunable(recipe, name);
    for (const value of values) checkParameters(recipe.hyperparameters, { [name]: value });
  }
  checkCount("maxNumberOfTrainingJobs", hpoResourceConfig?.maxNumberOfTrainingJobs, MAX_TUNING_JOBS);
  checkCount("maxParallelTrainingJobs", hpoResourceConfig?.maxParallelTrainingJobs, MAX_PARALLEL_TUNING_JOBS);
}

function checkTunable(recipe: Recipe, name: string): void {
  const tunable = recipe.hyperparameters.filter((parameter) => parameter.tunable).map((parameter) => parameter.name);
  if (tunable.includes(name)) return;
  throw invalid(
    `The hyperparameter ${name} cannot be tuned; the recipe ${recipe.name} tunes: ${tunable.join(", ") || "none"}.`,
  );
}

function checkCount(member: string, text: string | undefined, most: number): void {
  if (text === undefined || (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most)) return;
  throw invalid(`${member} must be an integer from 1 to ${most}, not ${JSON.stringify(text)}.`);
}

function checkEvents({ eventValueThreshold, eventsConfig }: SolutionConfig): void {
  if (eventValueThreshold !== undefined && !isNumber(eventValueThreshold)) {
    throw invalid(`eventValueThreshold must be a number, not ${JSON.stringify(eventValueThreshold)}.`);
  }
  const types = (eventsConfig?.eventParametersList ?? []).map(({ eventType }) => eventType);
  if (types.includes(undefined)) throw invalid("Each member of eventParametersList must have an eventType.");
  if (new Set(types).size < types.length) throw invalid("The eventTypes of eventParametersList must differ.");
}

function checkObjective({ name, type }: Recipe, { optimizationObjective }: SolutionConfig): void {
  if (optimizationObjective === undefined) return;
  if (type !== "USER_PERSONALIZATION") {
    throw invalid(
      `optimizationObjective is not supported by the recipe ${name}, only by those for user personalization.`,
    );
  }
  if (optimizationObjective.itemAttribute === undefined) {
    throw invalid("optimizationObjective must name the itemAttribute to optimize for.");
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

function invalid(message: string): AwsError {
  return awsError("InvalidInputException", message);
}
