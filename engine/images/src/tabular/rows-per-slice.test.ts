import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsPerSlice } from "./rows-per-slice.ts";

test("the more a row takes, the fewer at once; at least one, at most as many as are parsed at once", () => {
  assert.deepEqual([1, 2 ** 14, 2 ** 20, 2 ** 24, 2 ** 40].map(rowsPerSlice), [1024, 1024, 16, 1, 1]);
});
