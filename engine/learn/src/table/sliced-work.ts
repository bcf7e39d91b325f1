import { setImmediate } from "node:timers/promises";

/** Work that may pause at each `yield`, after a few milliseconds, so that others have their turn. */
export type SlicedWork<Result> = Generator<undefined, Result>;

/** Does it without a pause. */
export function finishAtOnce<Result>(work: SlicedWork<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does it and lets others have their turn at each pause. */
export async function finishInSlices<Result>(work: SlicedWork<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await setImmediate();
  }
}
