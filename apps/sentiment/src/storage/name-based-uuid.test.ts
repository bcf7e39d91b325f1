import assert from "node:assert/strict";
import { test } from "node:test";
import { nameBasedUuid } from "./name-based-uuid.ts";

test("one name has one UUID of version 5, another name another", () => {
  assert.equal(nameBasedUuid("a"), nameBasedUuid("a"));
  assert.notEqual(nameBasedUuid("a"), nameBasedUuid("b"));
  assert.match(nameBasedUuid("a"), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
