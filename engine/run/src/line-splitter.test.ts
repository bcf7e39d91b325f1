import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_LINE_BYTES } from "./executor.ts";
import { splitLines } from "./line-splitter.ts";

test("whole lines are taken, an unfinished one waits until the program has ended", () => {
  const bytes = Buffer.from("one\r\n\ntwo\nthr");
  assert.deepEqual(splitLines(bytes, false), { lines: ["one", "", "two"], offset: 10 });
  assert.deepEqual(splitLines(bytes, true), { lines: ["one", "", "two", "thr"], offset: 13 });
  assert.deepEqual(splitLines(Buffer.from(""), true), { lines: [], offset: 0 });
});

test("a long line is cut between characters, and nothing is lost", () => {
  const text = `x${"ä€😀".repeat(MAX_LINE_BYTES / 4)}`;
  const { lines, offset } = splitLines(Buffer.from(`${text}\nend\n`), false);
  assert.equal(lines.slice(0, -1).join(""), text);
  assert.equal(lines.at(-1), "end");
  assert.equal(offset, Buffer.byteLength(text) + 5);
  for (const line of lines) assert.ok(Buffer.byteLength(line) <= MAX_LINE_BYTES);
});

test("pieces do not depend on where reading stopped before", () => {
  const bytes = Buffer.from(`${"abc".repeat(20_000)}\nx\n${"d".repeat(MAX_LINE_BYTES)}\n`);
  const whole = splitLines(bytes, true).lines;
  const pieces: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const window = bytes.subarray(offset, offset + MAX_LINE_BYTES + 100);
    const result = splitLines(window, offset + window.length === bytes.length);
    assert.ok(result.offset > 0);
    pieces.push(...result.lines);
    offset += result.offset;
  }
  assert.deepEqual(pieces, whole);
});

test("what is not text becomes U+FFFD", () => {
  assert.deepEqual(splitLines(Buffer.from([0x61, 0, 0xff, 0x0a]), false).lines, ["a\uFFFD\uFFFD"]);
});
