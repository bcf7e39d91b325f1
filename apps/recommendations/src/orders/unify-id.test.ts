import assert from "node:assert/strict";
import { test } from "node:test";
import { unifyCustomerId, unifyProductId } from "./unify-id.ts";

test("one customer has one id however systems write it", () => {
  for (const id of ["12680", " 12680.0 ", "12680.00", 12680, "１２６８０"]) assert.equal(unifyCustomerId(id), "12680");
  assert.equal(unifyCustomerId("Ann@Example.org"), unifyCustomerId("ann@example.org "));
  assert.notEqual(unifyCustomerId("1.5"), "1");
  for (const none of [null, undefined, "", "  ", "NaN", "null", "x".repeat(256)]) {
    assert.equal(unifyCustomerId(none), undefined);
  }
});

test("one product has one id however systems write it", () => {
  assert.equal(unifyProductId("85123a"), unifyProductId("85123A"));
});
