import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { pythonText, readPythonJson, writePythonJson } from "./python-value.ts";
import { pythonIsMissing } from "./testing/script-job.ts";

const TEXTS = [
  ..."0 -0 3 3.0 -0.0 1e-5 0.0001 0.00012345 1e15 1e16 123456789012345680000 1.5e300 0.1 2.50 1E2 -7e-9".split(" "),
  ..."12345678901234567890123 true false null [] {} [1,2.0,null,true] 1e400".split(" "),
  '"text"',
  '"é ☃ 😀 \\u0000 \\" \\\\"',
  `["it's", "say \\"it's\\"", "tab\\t", "a\\\\b"]`,
  '{"b": {"z": 1, "a": [1.0, "x"]}, "a": "ü"}',
];

test("values are written as Python writes them", { skip: pythonIsMissing() }, () => {
  const script = `import json, sys
values = [json.loads(text) for text in json.load(sys.stdin)]
written = [json.dumps(value, sort_keys=True, separators=(",", ":")) for value in values]
print(json.dumps([written, ["" if value is None else str(value) for value in values]]))`;
  const answer = execFileSync("python3", ["-c", script], { input: JSON.stringify(TEXTS), encoding: "utf8" });
  const [json, texts] = JSON.parse(answer) as [string[], string[]];
  const infinite = TEXTS.indexOf("1e400");
  for (const [index, text] of TEXTS.entries()) {
    assert.equal(pythonText(readPythonJson(text)), texts[index], text);
    // JSON has no infinity, Python's has.
    if (index !== infinite) assert.equal(writePythonJson(readPythonJson(text)), json[index], text);
  }
});

test("what is no JSON is refused", () => {
  for (const text of ["", "a b", "{", "'x'", "01"]) assert.throws(() => readPythonJson(text), SyntaxError, text);
});
