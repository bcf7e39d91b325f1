import {
  type AnsweringModel,
  type LiveRecords,
  openRecommender,
  type RecipeType,
  type Recommender,
} from "@rondo/personalize";
import type { LogStreamRef, Owner } from "@rondo/store";
import type { EndpointLog } from "../endpoint-log.ts";
import { CampaignFilters } from "./campaign-filters.ts";
import { CampaignMeter } from "./campaign-meter.ts";
import { type ExploredAnswer, explorationLine } from "./exploration-line.ts";
import type { CampaignConfig, RowRef } from "./served-campaign.ts";

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
  readonly filters: CampaignFilters;
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
    this.recommender = openRecommender(model, live, { random, ...explorationOf(config) });
    this.filters = new CampaignFilters(this.recommender);
    this.meter = meter ?? new CampaignMeter();
    this.hasMetadata = config.enableMetadataWithRecommendations === true;
    this.#log = log;
    // personalize/campaign
    this.#logStream = { ...ref.owner, group: `/aws/${ref.type}/${ref.name}`, stream: "exploration" };
  }

  /** Keeps what was tried out, with how probable it was, in CloudWatch Logs; of very many answers a part. */
  logExploration(answer: ExploredAnswer): void {
    const line = explorationLine(answer);
    if (line !== undefined) this.#log.write(this.#logStream, line);
  }
}

/** The API's texts as numbers; what cannot be one is left to the default. */
function explorationOf({ itemExplorationConfig = {} }: CampaignConfig) {
  const numberOf = (name: string): number | undefined => {
    const value = itemExplorationConfig[name];
    const number = value === undefined || value.trim() === "" ? Number.NaN : Number(value);
    return Number.isNaN(number) ? undefined : number;
  };
  return {
    explorationWeight: numberOf("explorationWeight"),
    explorationItemAgeCutOff: numberOf("explorationItemAgeCutOff"),
  };
}
