/** The time as the server sees it: signatures are checked against it. */
export interface Clock {
  readonly now: () => Date;
}
