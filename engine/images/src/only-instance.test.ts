import assert from "node:assert/strict";
import { test } from "node:test";
import { findOnlyInstance } from "./only-instance.ts";

const find = (body: string): string | undefined => {
  const found = findOnlyInstance(Buffer.from(body));
  return found && Buffer.from(found).toString();
};

test("the text of one plain instance", () => {
  assert.equal(find('{"instances":["good"]}'), "good");
  assert.equal(find('{"instances": ["good phone"]}'), "good phone");
  assert.equal(find('{"instances":["größe 你好 [] {} :"]}'), "größe 你好 [] {} :");
  assert.equal(find('{"instances":[""]}'), "");
});

test("anything else takes the general way", () => {
  for (const body of [
    "",
    "{}",
    '{"instances":["',
    '{"instances":["]}',
    '{"instances":["a","b"]}',
    '{"instances":["a \\u00e9"]}',
    '{"instances":["a\tb"]}',
    '{"instances":["a"],"configuration":{"k":2}}',
    '{"instances":["a"]}\n',
    '{"instances":[{"a":"b"]}',
    ' {"instances":["a"]}',
  ]) {
    assert.equal(find(body), undefined, body);
  }
});

test("where it answers, it answers what JSON.parse does", () => {
  for (const text of ["a", "", "]}", '"]}', '","', "\u0000", "\u007f", "\ud83d\ude00", "x".repeat(1000)]) {
    const body = JSON.stringify({ instances: [text] });
    const found = find(body);
    if (found !== undefined) assert.equal(found, (JSON.parse(body) as { instances: string[] }).instances[0]);
  }
});
