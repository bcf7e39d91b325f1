import assert from "node:assert/strict";
import { test } from "node:test";
import { requirementProblems } from "./requirements-page.ts";

const FILES: Readonly<Record<string, string>> = {
  "apps/a/src/x.ts": "",
  "apps/a/src/x.test.ts": 'test("it works")',
  "docs/y.md": "",
};

function problems(...rows: string[]): string[] {
  const text = ["| id | what | where | shown by |", "|---|---|---|---|", ...rows].join("\n");
  const repository = { exists: (path: string) => path in FILES, read: (path: string) => FILES[path] ?? "" };
  return requirementProblems({ path: "docs/a.md", text }, "apps/a", repository).map(({ problem }) => problem);
}

test("rows whose files and tests are there are fine", () => {
  const rows = [
    '| S-1 | one | `src/x.ts` | `src/x.test.ts` "it works" |',
    "| S-2 | two | `docs/y.md` | missing: nobody wrote it |",
    "| S-X1 | three | `src/x.ts` | a command |",
  ];
  assert.deepEqual(problems(...rows), []);
});

for (const [what, row, expected] of [
  ["a file", "| S-1 | one | `src/z.ts` | - |", "S-1 names `src/z.ts`, which is not there"],
  [
    "a test",
    '| S-1 | one | `src/x.ts` | `src/x.test.ts` "it works", "it flies" |',
    'S-1 names the test "it flies", which src/x.test.ts does not have',
  ],
] as const) {
  test(`${what} that is not there is a problem`, () => assert.deepEqual(problems(row), [expected]));
}

test("an id that is missing or there twice is a problem, whatever its letter", () => {
  assert.deepEqual(problems("| P-1 | one | - | - |", "| P-X2 | two | - | - |"), ["P-X1 is missing"]);
  assert.deepEqual(problems("| S-2 | two | - | - |", "| S-2 | two | - | - |"), [
    "S-2 is there twice",
    "S-1 is missing",
  ]);
});
