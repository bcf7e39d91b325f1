import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { createMetricMatcher } from "./metric-matcher.ts";
import { compileMetricRegex, matchMetric } from "./metric-regex.ts";

test("the first match's group 1 is the value, as with Python's re.search", () => {
  const cases: readonly (readonly [string, string, number | undefined])[] = [
    ["Train_error=(.*?);", "x Train_error=0.138318; Valid_error=0.3;", 0.138318],
    ["loss: ([0-9.]+)", "loss: 1.5 loss: 2.5", 1.5],
    ["loss: ([0-9.e+-]+)", "loss: 1e-3", 0.001],
    ["(?P<value>[0-9]+)", "a 12", 12],
    ["(?i)LOSS=(.*)", "loss=3", 3],
    [String.raw`\Aloss=(\d+)\Z`, "loss=3", 3],
    [String.raw`\Aloss=(\d+)`, "a loss=3", undefined],
    [String.raw`(?P<q>')?(?P<v>\d)(?P=q)`, "'7'", undefined],
    [String.raw`.*\[[0-9]+\].*#011train-auc:(\S+)`, "[0]#011train-auc:0.88#011validation-auc:0.89", 0.88],
    ["loss=(.*)", "loss=nan", undefined],
    ["loss=(.*)", "loss=inf", undefined],
    ["loss=(.*)", "loss=", undefined],
    ["(a)?loss", "loss", undefined],
  ];
  for (const [regex, line, value] of cases) assert.equal(matchMetric(compileMetricRegex(regex), line), value, regex);
});

test("what is no expression, or has no group, is refused", () => {
  for (const regex of ["(", "[a", "loss=.*", "(?:a)"]) assert.throws(() => compileMetricRegex(regex), SyntaxError);
});

test("values come in the order of lines", async () => {
  await using matcher = createMetricMatcher();
  const definitions = [
    { name: "b", regex: "b=([0-9]+)" },
    { name: "a", regex: "a=([0-9]+)" },
  ];
  assert.deepEqual(await matcher.match(definitions, ["a=1", "none", "a=2 b=3"]), {
    values: [
      { name: "a", line: 0, value: 1 },
      { name: "b", line: 2, value: 3 },
      { name: "a", line: 2, value: 2 },
    ],
    tooSlow: [],
  });
  assert.deepEqual(await matcher.match([], ["a=1"]), { values: [], tooSlow: [] });
});

test("an expression that never ends is told and left out; the others still match", async () => {
  await using matcher = createMetricMatcher({ deadlineMs: 300 });
  const definitions = [
    { name: "good", regex: "a=([0-9]+)" },
    { name: "bad", regex: "(a+)+$" },
    { name: "fine", regex: "b=([0-9]+)" },
  ];
  const lines = [`${"a".repeat(60)}!`, "a=1 b=2"];
  const [first, second] = await Promise.all([
    matcher.match(definitions, lines),
    matcher.match(definitions.slice(0, 1), lines),
  ]);
  assert.deepEqual(first.tooSlow, ["bad"]);
  assert.deepEqual(
    first.values.map(({ name }) => name),
    ["good", "fine"],
  );
  assert.deepEqual(second, { values: [{ name: "good", line: 1, value: 1 }], tooSlow: [] });
});

test("the deadline does not count how long the worker takes to start", async () => {
  const slowStart = `import { isMainThread } from "node:worker_threads";
    if (!isMainThread) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);`;
  const script = `
    const { createMetricMatcher } = await import(${JSON.stringify(new URL("./metric-matcher.ts", import.meta.url).href)});
    await using matcher = createMetricMatcher({ deadlineMs: 400 });
    console.log(JSON.stringify(await matcher.match([{ name: "a", regex: "a=([0-9]+)" }], ["a=1"])));`;
  // What a process imports at its start, its worker threads import too.
  const options = ["--import", `data:text/javascript,${encodeURIComponent(slowStart)}`];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, "--eval", script]);
  assert.deepEqual(JSON.parse(stdout), { values: [{ name: "a", line: 0, value: 1 }], tooSlow: [] });
});
