import type { AnsweringContext } from "./answering-context.ts";
import { AnsweringError } from "./answering-error.ts";
import type { AnsweringModel } from "./answering-model.ts";
import { openCatalogue } from "./catalogue.ts";
import { DEFAULT_EXPLORATION, type ExplorationSettings } from "./exploration.ts";
import { openExplorer } from "./explorer.ts";
import { openJudge } from "./judgement.ts";
import { rankItems } from "./rank-items.ts";
import { recommendItems } from "./recommend-items.ts";
import type { LiveRecords, Recommender } from "./recommender.ts";

/** AWS's; https://docs.aws.amazon.com/personalize/latest/dg/API_RS_GetRecommendations.html */
const MOST_RESULTS = 500;
const MOST_RESULTS_WITH_METADATA = 50;

/** A campaign's settings; exploration counts only for recipes that explore. */
export interface RecommenderOptions extends Partial<ExplorationSettings> {
  /** Uniform in [0, 1): what is tried out, where promoted items stand. */
  readonly random: () => number;
}

/** A recommender over a model, which may have several; each answers by its own settings and what has happened since the training. */
export function openRecommender(model: AnsweringModel, live: LiveRecords, options: RecommenderOptions): Recommender {
  const { recipe, trained, itemIndexes } = model;
  const catalogue = openCatalogue(trained.items, itemIndexes, live);
  const settings = { ...DEFAULT_EXPLORATION, ...definedOf(options) };
  const context: AnsweringContext = {
    model,
    live,
    catalogue,
    judge: openJudge(model, live),
    explorer: recipe.explores ? openExplorer(model, catalogue, settings) : undefined,
    random: options.random,
  };
  return {
    recipe: recipe.name,
    catalogue,
    recommend(request) {
      if (recipe.type === "PERSONALIZED_RANKING" || recipe.type === "USER_SEGMENTATION") {
        throw new AnsweringError("campaignArn", `The recipe ${recipe.name} gives no recommendations.`);
      }
      for (const field of ["userId", "itemId"] as const) {
        if (recipe.request[field] === "required" && !request[field]) {
          throw new AnsweringError(field, `The recipe ${recipe.name} needs a ${field}.`);
        }
      }
      refuseTooMany("numResults", request.numResults, request.metadataColumns);
      return recommendItems(context, request);
    },
    rank(request) {
      if (recipe.type !== "PERSONALIZED_RANKING") {
        throw new AnsweringError("campaignArn", `The recipe ${recipe.name} ranks no lists.`);
      }
      refuseTooMany("inputList", request.inputList.length, request.metadataColumns);
      return rankItems(context, request);
    },
  };
}

/** `itemExplorationConfig`: the API's texts as numbers; what is missing or none is left to the default. */
export function readExploration(config: Readonly<Record<string, string>> = {}): Partial<ExplorationSettings> {
  const numberOf = (name: string): number | undefined => {
    const value = config[name];
    const number = value === undefined || value.trim() === "" ? Number.NaN : Number(value);
    return Number.isNaN(number) ? undefined : number;
  };
  return {
    explorationWeight: numberOf("explorationWeight"),
    explorationItemAgeCutOff: numberOf("explorationItemAgeCutOff"),
  };
}

function definedOf({ explorationWeight, explorationItemAgeCutOff }: RecommenderOptions): Partial<ExplorationSettings> {
  return {
    ...(explorationWeight !== undefined && { explorationWeight }),
    ...(explorationItemAgeCutOff !== undefined && { explorationItemAgeCutOff }),
  };
}

function refuseTooMany(field: string, count: number, metadataColumns: readonly string[] | undefined): void {
  const hasMetadata = metadataColumns !== undefined && metadataColumns.length > 0;
  const most = hasMetadata ? MOST_RESULTS_WITH_METADATA : MOST_RESULTS;
  if (count <= most) return;
  const reason = hasMetadata ? " with metadata" : "";
  throw new AnsweringError(field, `There can be at most ${most} items${reason}, not ${count}.`);
}
