import assert from "node:assert/strict";

/** Both have equally many numbers, none further from its partner than `tolerance` times its size, of at least 1. */
export function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let index = 0; index < expected.length; index += 1) {
    const [found, wanted] = [actual[index], expected[index]];
    const isNear = Object.is(found, wanted) || Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    assert.ok(isNear, `number ${index} is ${found}, not ${wanted} within ${tolerance}`);
  }
}
