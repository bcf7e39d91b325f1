import type { Records } from "../records/records.ts";

/** What a filter judges: items, for segments users, for the next best action actions. */
export interface FilteredCatalogue {
  /** One record each. */
  readonly records: Records;
  /** For filters on UserID by Interactions: the types of a user's newest 100 events of each type, by his place in `records`. */
  readonly eventTypesOf?: (user: number) => Iterable<string>;
}

/**
 * A filter with its values, ready to be asked. https://docs.aws.amazon.com/personalize/latest/dg/filter-expressions.html
 * Only what does not depend on the user is worked out once.
 */
export interface FilterAnswer {
  /**
   * A byte for each record of the catalogue: 1, or 0 for those that this user is not shown. Overwritten by the next call.
   */
  allowed(user: FilteredUser): Uint8Array;
}

/** For whom is asked. Filters on UserID ask for nobody: `NOBODY`. */
export interface FilteredUser {
  readonly userId?: string;
  /** Of the CurrentUser conditions: a field of his record by the schema's name. */
  readonly record: (field: string) => string | number | undefined;
  /** His newest 100 events of each event type, 300 of actions; who gives them limits them. */
  readonly events: readonly FilteredEvent[];
  /** Of the CurrentItem conditions: the place of the request's item in the catalogue; −1 or missing for none. */
  readonly currentItem?: number;
}

export const NOBODY: FilteredUser = { record: () => undefined, events: [] };

export interface FilteredEvent {
  /** Place of the item or action in the catalogue; −1 for one that it does not know. */
  readonly item: number;
  readonly eventType: string;
}
