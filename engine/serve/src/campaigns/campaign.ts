import {
  type AnsweringModel,
  type FilterAnswer,
  FilterCache,
  FilterError,
  type LiveRecords,
  openRecommender,
  type RecipeType,
  type Recommender,
  readExploration,
} from "@rondo/personalize";
import type { LogStreamRef, Owner } from "@rondo/store";
import type { EndpointLog } from "../endpoint-log.ts";
import { CampaignError } from "./campaign-error.ts";
import { CampaignMeter } from "./campaign-meter.ts";
import { type ExploredAnswer, explorationLine } from "./exploration-line.ts";
import type { CampaignConfig, RowRef } from "./served-campaign.ts";

/** A filter as a request names it. */
export interface FilterRef {
  readonly arn: string;
  readonly values?: Readonly<Record<string, string>>;
}

export interface CampaignParts {
  readonly arn: string;
  readonly ref: RowRef;
  readonly datasetGroupArn: string;
  readonly model: AnsweringModel;
  readonly live: LiveRecords;
  readonly config: CampaignConfig;
  readonly random: () => number;
  readonly log: EndpointLog;
  /** Goes on counting for the same campaign with another model. */
  readonly meter?: CampaignMeter;
}

/** A campaign or recommender in memory: its model, its settings, its filters, its numbers. Another one takes its place when it is updated. */
export class Campaign {
  readonly arn: string;
  readonly owner: Owner;
  readonly datasetGroupArn: string;
  readonly recipeType: RecipeType;
  readonly recommender: Recommender;
  readonly #filters: FilterCache;
  readonly meter: CampaignMeter;
  /** `metadataColumns` may be asked for. */
  readonly hasMetadata: boolean;
  readonly #log: EndpointLog;
  readonly #logStream: LogStreamRef;

  constructor({ arn, ref, datasetGroupArn, model, live, config, random, log, meter }: CampaignParts) {
    this.arn = arn;
    this.owner = ref.owner;
    this.datasetGroupArn = datasetGroupArn;
    this.recipeType = model.recipe.type;
    this.recommender = openRecommender(model, live, { random, ...readExploration(config.itemExplorationConfig) });
    this.#filters = new FilterCache(this.recommender.catalogue);
    this.meter = meter ?? new CampaignMeter();
    this.hasMetadata = config.enableMetadataWithRecommendations === true;
    this.#log = log;
    // personalize/campaign
    this.#logStream = { ...ref.owner, group: `/aws/${ref.type}/${ref.name}`, stream: "exploration" };
  }

  /** Throws CampaignError InvalidInput in AWS's words for values that do not fit. */
  openFilter(expression: string, values: FilterRef["values"]): FilterAnswer {
    try {
      return this.#filters.open(expression, values);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      throw new CampaignError("InvalidInput", error.message, { cause: error });
    }
  }

  /** Keeps what was tried out, with how probable it was, in CloudWatch Logs; of very many answers a part. */
  logExploration(answer: ExploredAnswer): void {
    const line = explorationLine(answer);
    if (line !== undefined) this.#log.write(this.#logStream, line);
  }
}
