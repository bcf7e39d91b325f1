import assert from "node:assert/strict";
import { test } from "node:test";
import { forbiddenNames, foreignMentions } from "./names.ts";

test("a folder or file with an empty word for a name is reported, a word that contains it is not", () => {
  const problems = forbiddenNames([
    "engine/wire/src/utils.ts",
    "engine/helpers/x.ts",
    "engine/wire/src/uncommon.ts",
    "a/common.test.ts",
  ]);
  assert.deepEqual(
    problems.map((problem) => problem.path),
    ["engine/wire/src/utils.ts", "engine/helpers/x.ts", "a/common.test.ts"],
  );
});

test("a path of one machine is reported", () => {
  assert.equal(foreignMentions("a.ts", 'const home = "/home/someone/x";').length, 1);
  assert.equal(foreignMentions("a.ts", "const home = process.env.HOME;").length, 0);
});
