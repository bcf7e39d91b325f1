import { setImmediate } from "node:timers/promises";
import { DataError, type Interactions, type TableFitContext } from "@rondo/learn";
import { type BlendPlan, decodeBlendPlan } from "../model/blend-plan.ts";
import { PLAN_FILE } from "../model/open-scorer.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { findRecipe } from "../recipes/recipes.ts";
import { resolveRecipeParameters } from "../recipes/resolve-recipe-parameters.ts";
import type { DatasetGroupData } from "../records/dataset-group-data.ts";
import { encodeFittedPlan, fitPlan, openFittedPlan } from "./fit-plan.ts";
import { impressionResponse } from "./impression-response.ts";
import { keepUsualItems } from "./item-percentiles.ts";
import type { Learner, RecipeValues } from "./learner.ts";
import { HOURS, learners } from "./learners.ts";
import { type Measured, measurePlan, measureTrends } from "./measure-plan.ts";
import { metadataFeatures } from "./metadata-features.ts";
import { splitHistories, splitUsers, type UserSplit } from "./metrics/split-users.ts";
import { type Objective, openObjective } from "./objective.ts";
import { selectEvents } from "./select-events.ts";
import { trainedColumns } from "./trained-columns.ts";
import { prepareTrainingData, type TrainingData } from "./training-data.ts";
import { keepUsualHistories, requireEnough } from "./training-interactions.ts";
import type { TrainingReport, TrainingRequest } from "./training-request.ts";
import { tuneParameters } from "./tune-parameters.ts";
import { gainOf } from "./validation-set.ts";

export interface TrainingContext {
  readonly threads: number;
  readonly clock: { now(): Date };
  /** Aborted: give up within a second and throw the signal's reason. */
  readonly signal?: AbortSignal;
  /** From 0 to 1, with what is done now: `choosing`. */
  onProgress?(fraction: number, work: string): void;
}

export interface TrainedSolution {
  readonly model: TrainedModel;
  readonly report: TrainingReport;
}

/** The same data and request give the same model. */
const SEED = 1;
/** Of each history, that segments are judged by. */
const SEGMENT_TRUTH = 0.2;
/** Where the work of a training without tuning lies. */
const CHOSEN = 0.5;
const MEASURED = 0.75;
const TUNED = 0.4;

/**
 * Trains a recipe: chooses algorithms by validation inside 90 % of the users, measures them on the others by AWS's protocol, then learns from all. With UPDATE
 * the choice of `previous` is kept. Throws DataError for data that are too few or lack what the recipe needs, ParameterError for hyperparameters.
 */
export async function trainModel(
  group: DatasetGroupData,
  request: TrainingRequest,
  context: TrainingContext,
  previous?: TrainedModel,
): Promise<TrainedSolution> {
  const training = prepare(group, request, context);
  await pause(context);
  const { recipe, learner, data, base, multipliers } = training;
  const split = splitFor(recipe, base);
  await pause(context);
  const values = await tune(training, split, request);
  const plan = keptPlan(previous, recipe) ?? (await choose(training, split, values));
  const { metrics, extras } = await measure(training, { split, plan, values });
  const arranged = learner.arrange?.(base) ?? base;
  const fitted = await fitPlan(
    plan,
    arranged,
    fitContext(context, { from: MEASURED, to: 1, work: "learning from all" }),
  );
  const model: TrainedModel = {
    ...data,
    recipe: recipe.name,
    hyperparameters: values,
    trainedAt: Math.floor(context.clock.now().getTime() / 1000),
    eventsUpTo: group.eventsUpTo,
    files: encodeFittedPlan(fitted, multipliers),
  };
  const tuned = request.performHPO ? { tunedHyperparameters: tunedOf(recipe, values) } : {};
  return { model, report: { metrics, ...tuned, extras: { ...extras, plan } } };
}

interface Training {
  readonly recipe: Recipe;
  readonly learner: Learner;
  readonly values: RecipeValues;
  readonly data: TrainingData;
  /** What the recipe learns from, before it is arranged. */
  readonly base: Interactions;
  readonly objective: Objective | undefined;
  readonly multipliers: Float32Array | undefined;
  readonly context: TrainingContext;
}

function prepare(group: DatasetGroupData, request: TrainingRequest, context: TrainingContext): Training {
  const { solutionConfig } = request;
  const recipe = findRecipe(request.recipe);
  if (recipe === undefined) throw new DataError(`There is no recipe ${request.recipe}.`);
  const values = {
    ...resolveRecipeParameters(recipe.hyperparameters, solutionConfig.algorithmHyperParameters ?? {}),
    ...resolveRecipeParameters(
      recipe.featureTransformationParameters,
      solutionConfig.featureTransformationParameters ?? {},
    ),
  };
  const ofActions = recipe.type === "PERSONALIZED_ACTIONS";
  const [events, entities] = ofActions
    ? (["Action_Interactions", "Actions"] as const)
    : (["Interactions", "Items"] as const);
  const isTrained = trainedColumns(solutionConfig);
  const hasTypes =
    group.datasets[events]?.records.columns["EVENT_TYPE"] !== undefined && isTrained(events, "EVENT_TYPE");
  const selection = selectEvents(request, recipe, hasTypes);
  const data = prepareTrainingData(group, { selection, events, entities });
  const learner = learners[recipe.learner];
  if (!ofActions) requireEnough(data.learned, learner);
  const itemFeatures = metadataFeatures(data.items.records, group.datasets[entities]?.schema, (column) =>
    isTrained(entities, column),
  );
  const usual = keepUsual(data.learned, values, solutionConfig.featureTransformationParameters ?? {});
  const base = itemFeatures === undefined ? usual : { ...usual, itemFeatures };
  const objective = openObjective(solutionConfig, data.items);
  const response = isTrained(events, "IMPRESSION") ? impressionResponse(data) : undefined;
  const multipliers = productOf(objective?.multipliers, response);
  return { recipe, learner, values, data, base, objective, multipliers, context };
}

function productOf(one: Float32Array | undefined, other: Float32Array | undefined): Float32Array | undefined {
  return one !== undefined && other !== undefined ? one.map((factor, item) => factor * other[item]) : (one ?? other);
}

/**
 * Without users, and items, that have fewer or more events than most. AWS's default leaves the most popular tenth of the items out of SIMS; here items are
 * left out only where the solution says so, since they would have no similar ones.
 */
function keepUsual(learned: Interactions, values: RecipeValues, given: RecipeValues): Interactions {
  const { min_user_history_length_percentile: minimum = "0", max_user_history_length_percentile: maximum = "1" } =
    values;
  const histories = keepUsualHistories(learned, { minimum: Number(minimum), maximum: Number(maximum) });
  const { min_item_interaction_count_percentile: least = "0", max_item_interaction_count_percentile: most = "1" } =
    given;
  const isWhole = Number(least) === 0 && Number(most) === 1;
  return isWhole ? histories : keepUsualItems(histories, { minimum: Number(least), maximum: Number(most) });
}

function splitFor({ type }: Recipe, base: Interactions): UserSplit {
  if (type !== "USER_SEGMENTATION") return splitUsers(base, SEED);
  const { inputs, truth } = splitHistories(base, SEGMENT_TRUTH);
  return { train: inputs, inputs, truth };
}

async function choose(training: Training, split: UserSplit, values: RecipeValues): Promise<BlendPlan> {
  const { learner, context } = training;
  const train = learner.arrange?.(split.train) ?? split.train;
  return await learner.plan(train, values, fitContext(context, { from: 0, to: CHOSEN, work: "choosing algorithms" }));
}

/** The plan of the model that an UPDATE goes on from. */
function keptPlan(previous: TrainedModel | undefined, recipe: Recipe): BlendPlan | undefined {
  const file = previous?.recipe === recipe.name ? previous.files[PLAN_FILE] : undefined;
  return file && decodeBlendPlan(file);
}

interface Measurement {
  readonly split: UserSplit;
  readonly plan: BlendPlan;
  readonly values: RecipeValues;
}

async function measure(training: Training, { split, plan, values }: Measurement): Promise<Measured> {
  const { recipe, learner, base, objective, multipliers, context } = training;
  const fit = fitContext(context, { from: CHOSEN, to: MEASURED, work: "measuring" });
  const frequency = values["trend_discovery_frequency"] as keyof typeof HOURS | undefined;
  if (frequency !== undefined) return await measureTrends(base, plan, HOURS[frequency], fit);
  const arrange = learner.arrange ?? ((interactions: Interactions) => interactions);
  return await measurePlan({ type: recipe.type, plan, split, arrange, multipliers, objective }, fit);
}

async function tune(training: Training, split: UserSplit, request: TrainingRequest): Promise<RecipeValues> {
  const { recipe, learner, values, context } = training;
  if (!request.performHPO) return values;
  const train = learner.arrange?.(split.train) ?? split.train;
  const quiet = fitContext(context);
  return await tuneParameters({
    recipe,
    config: request.solutionConfig.hpoConfig,
    values,
    seed: SEED,
    judge: async (tried) => {
      const plan = await learner.plan(train, tried, quiet);
      if (plan.validation !== undefined) return plan.validation.gain;
      const validation = learner.validate(train, tried, SEED);
      const { scorer } = openFittedPlan(await fitPlan(plan, validation.known, quiet));
      return await gainOf(scorer, validation, "new", quiet);
    },
    onProgress: (fraction) => context.onProgress?.(fraction * TUNED, "tuning hyperparameters"),
  });
}

function tunedOf({ hyperparameters }: Recipe, values: RecipeValues): RecipeValues {
  const tunable = hyperparameters.filter((parameter) => parameter.tunable);
  return Object.fromEntries(tunable.map(({ name }) => [name, values[name]]));
}

/** Lets signals come in between steps that take a part of a second each. */
async function pause({ signal }: TrainingContext): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

function fitContext(
  { threads, signal, onProgress }: TrainingContext,
  part?: { readonly from: number; readonly to: number; readonly work: string },
): TableFitContext {
  const context = { seed: SEED, threads, ...(signal && { signal }) };
  if (part === undefined) return context;
  const { from, to, work } = part;
  return { ...context, onProgress: ({ fraction }) => onProgress?.(from + (to - from) * fraction, work) };
}
