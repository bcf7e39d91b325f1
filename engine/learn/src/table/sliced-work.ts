/** Work that may pause at each `yield`, after a few milliseconds, so that others have their turn. */
export type SlicedWork<Result> = Generator<undefined, Result>;

/** Does it without a pause. */
export function finishAtOnce<Result>(work: SlicedWork<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
