import type { Interactions } from "@rondo/learn";
import type { Records } from "../records/records.ts";
import type { EventSelection } from "./event-selection.ts";

/**
 * What a solution version is: everything that answers need, without the datasets. `model-directory.ts` writes it as files and reads it.
 * Items and users are numbered by their place in `ids`.
 */
export interface TrainedModel {
  /** `aws-user-personalization`: which recipe's program reads `scorer`. */
  readonly recipe: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** When the training began, in seconds since 1970. */
  readonly trainedAt: number;
  /** The number of the newest event from PutEvents that was learned from; answers add those after it. 0 = none. */
  readonly eventsUpTo: number;
  /** What events count in a history: for those that come after the training as well. */
  readonly eventSelection: EventSelection;
  readonly items: Entities;
  readonly users: Entities;
  /** Every user's events with the items above, oldest first, users and items numbered as above: what filters see. */
  readonly histories: Interactions;
  /**
   * Those of `histories` that `eventSelection` counts, each with its weight: what scorers see. The same object where every event counts for 1.
   */
  readonly learned: Interactions;
  /** Of each event of `histories.events`, in its order: the place in `eventTypes`. */
  readonly eventTypeCodes: Uint8Array;
  readonly eventTypes: readonly string[];
  /**
   * The other columns of the Interactions dataset (contexts, EVENT_VALUE) of each event of `histories.events`, in its order; without impressions and
   * without ids of recommendations. Filters and contexts read them.
   */
  readonly eventRecords: Records;
  /** What the recipe learned, by names of its own: `openScorer` reads it. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** The items or the users of a model: those with records and those with interactions. */
export interface Entities {
  readonly ids: readonly string[];
  /** One record each, in the order of `ids`; every value is missing where the dataset has no such record. */
  readonly records: Records;
}
