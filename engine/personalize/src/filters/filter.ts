/**
 * A filter with its values, ready to be asked. https://docs.aws.amazon.com/personalize/latest/dg/filter-expressions.html
 * Only what does not depend on the user is worked out once.
 */
export interface FilterAnswer {
  /**
   * A byte for each item, 0 for those that this user is not shown. Overwritten by the next call.
   * `events` are the user's, from training and since; `user` his record.
   */
  allowed(user: FilteredUser): Uint8Array;
}

export interface FilteredUser {
  readonly userId?: string;
  /** Of the CurrentUser conditions. */
  readonly record: (field: string) => string | number | undefined;
  /** The newest 100 of each event type count. */
  readonly events: readonly FilteredEvent[];
}

export interface FilteredEvent {
  /** Place of the item in the model; −1 for one that it does not know. */
  readonly item: number;
  readonly eventType: string;
  /** Other columns of the Interactions dataset. */
  readonly field?: (name: string) => string | number | undefined;
}
