import type { FilterAnswer } from "../filters/filter.ts";
import type { Catalogue } from "./catalogue.ts";

/** A model that answers: GetRecommendations, GetPersonalizedRanking and batch jobs ask the same functions. Answers follow each other; none waits. */
export interface Recommender {
  /** `aws-user-personalization` */
  readonly recipe: string;
  /** What filters are opened on. Another one, with another version, once items were put. */
  catalogue(): Catalogue;
  /** Throws AnsweringError for a request without what the recipe needs. */
  recommend(request: RecommendationRequest): Recommendation;
  /** The items of `inputList` in the user's order. */
  rank(request: RankingRequest): Recommendation;
}

export interface RecommendationRequest {
  readonly userId?: string;
  readonly itemId?: string;
  readonly numResults: number;
  /** Values of the interactions' context columns, by their names. */
  readonly context?: Readonly<Record<string, string>>;
  /** Which items may be shown to whom, with its parameters bound. */
  readonly filter?: FilterAnswer;
  readonly promotion?: Promotion;
  /** Of the Items dataset, to be told with each item. */
  readonly metadataColumns?: readonly string[];
  /** Says why; our extension. */
  readonly explain?: boolean;
}

export interface Promotion {
  readonly name: string;
  /** 1 to 100. */
  readonly percentPromotedItems: number;
  readonly filter: FilterAnswer;
}

export interface RankingRequest extends Omit<RecommendationRequest, "numResults" | "promotion"> {
  readonly userId: string;
  readonly inputList: readonly string[];
}

export interface Recommendation {
  readonly items: readonly RecommendedItem[];
  /** Why nothing or less came back, or what stood in: `unknown user: popular items`. */
  readonly notes: readonly string[];
}

export interface RecommendedItem {
  readonly itemId: string;
  /** Absent where AWS gives none. */
  readonly score?: number;
  readonly promotionName?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** AWS's own words, where it has some. */
  readonly reason?: readonly string[];
  /** Ours, with `explain`: the strongest first. */
  readonly explanation?: readonly Contribution[];
  /** The probability with which exploration shows this item at this place; absent without exploration. */
  readonly propensity?: number;
}

export interface Contribution {
  /** `because of item X`, `popular`, `exploring`, `like item X`, `promoted`. */
  readonly because: string;
  readonly itemId?: string;
  /** Of the user's newest event with that item. */
  readonly eventType?: string;
  /** Of the item's score; contributions of an item sum to 1. */
  readonly share: number;
}

/**
 * What was put into a dataset group besides its imports. Serving keeps it in memory; a batch job may leave it empty. It may hold more than a model
 * needs: events that it was trained on are told by their numbers.
 */
export interface LiveRecords {
  /** Oldest first; of each event type only the newest. */
  eventsOf(userId: string): readonly LiveEvent[];
  /** Column values of an item or user that was put since: strings or numbers, as in its dataset. */
  item(itemId: string): Readonly<Record<string, string | number>> | undefined;
  user(userId: string): Readonly<Record<string, string | number>> | undefined;
  /** Items that were put, each once, in the order of their first coming. */
  readonly changedItems: readonly string[];
  /** Another number once items were put. It may come up to a second later, so that many items make one change. */
  readonly itemsVersion: number;
}

export interface LiveEvent {
  /** In the order of the commits: a model has learned from those up to its `eventsUpTo`. */
  readonly number: number;
  readonly itemId?: string;
  readonly eventType: string;
  readonly eventValue?: number;
  /** Seconds since 1970. */
  readonly sentAt: number;
  readonly impression?: readonly string[];
  /** Other columns of the Interactions dataset. */
  readonly properties?: Readonly<Record<string, string | number>>;
}
