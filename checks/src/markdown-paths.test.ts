import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownProblems } from "./markdown-paths.ts";

const folders = ["docs", "engine", "engine/wire", "engine/wire/src"];
const files = ["docs/setup.md", "engine/wire", "engine/wire/src/shape.ts", "engine/wire/src/routing"];
const exists = (path: string) => files.includes(path.replace(/\/$/, ""));
const problemsOf = (text: string, path = "README.md") =>
  markdownProblems({ path, text }, exists, folders).map(({ problem }) => problem);

test("a link to a page that is not there is reported, relative to its own page", () => {
  assert.deepEqual(problemsOf("[a](docs/setup.md) [b](docs/gone.md#part) [c](https://example.org/x) [d](#here)"), [
    "links to docs/gone.md, which is not there",
  ]);
  assert.deepEqual(problemsOf("[a](setup.md) [b](../engine/wire)", "docs/other.md"), []);
});

test("a path in backticks must exist, in full or as the map shortens it", () => {
  assert.deepEqual(problemsOf("`engine/wire/src/shape.ts`, `wire/routing/`, `wire/shape.ts`"), []);
  assert.deepEqual(problemsOf("`npx -c 'node engine/wire/src/gone.ts'` and `wire/gone.ts`"), [
    "names `engine/wire/src/gone.ts`, which is not there",
    "names `wire/gone.ts`, which is not there",
  ]);
});

test("placeholders, media types, packages and what stands in a program are no paths", () => {
  assert.deepEqual(problemsOf("`engine/<name>/x.ts` `text/csv` `@rondo/wire` `docs/NNNN-title.md`"), []);
  assert.deepEqual(problemsOf("```\n`engine/wire/gone.ts`\n```"), []);
});
