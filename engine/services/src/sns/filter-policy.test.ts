import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesFilterPolicy, parseFilterPolicy } from "./filter-policy.ts";
import type { TopicMessageAttribute } from "./topic-message.ts";

const text = (Value: string): TopicMessageAttribute => ({ Type: "String", Value });
const number = (Value: string): TopicMessageAttribute => ({ Type: "Number", Value });

function matches(policy: object, attributes: Record<string, TopicMessageAttribute>): boolean {
  const parsed = parseFilterPolicy(JSON.stringify(policy), "MessageAttributes");
  return matchesFilterPolicy(parsed, { message: "", attributes });
}

function matchesBody(policy: object, body: unknown): boolean {
  const parsed = parseFilterPolicy(JSON.stringify(policy), "MessageBody");
  return matchesFilterPolicy(parsed, { message: JSON.stringify(body), attributes: {} });
}

/** Condition, values that match, values that do not. */
const operators: readonly (readonly [unknown, readonly TopicMessageAttribute[], readonly TopicMessageAttribute[]])[] = [
  ["red", [text("red")], [text("Red"), text("reddish"), number("1")]],
  [100, [number("100"), number("1e2"), number("100.0")], [number("101"), text("100")]],
  [{ prefix: "mount" }, [text("mountain")], [text("a mount"), text("Mount")]],
  [{ suffix: ".png" }, [text("a.png")], [text("png"), text(".png.gz")]],
  [{ "equals-ignore-case": "Tennis" }, [text("TENNIS")], [text("tennis2")]],
  [{ "anything-but": ["a", "b"] }, [text("c"), number("1")], [text("a"), text("b")]],
  [{ "anything-but": { prefix: "order" } }, [text("item")], [text("order-1")]],
  [{ numeric: [">", 10, "<=", 20] }, [number("10.5"), number("20")], [number("10"), number("21"), text("15")]],
  [{ numeric: ["=", 301.5] }, [number("3.015e2")], [number("301")]],
  [{ exists: true }, [text("x")], []],
  [{ cidr: "10.1.0.0/16" }, [text("10.1.2.3")], [text("10.2.0.1"), text("ten")]],
  [true, [{ Type: "String.Array", Value: "[true, null]" }], [text("true")]],
  [null, [{ Type: "String.Array", Value: "[null]" }], [text("null")]],
  ["a", [{ Type: "String.Array", Value: '["b", "a"]' }], [{ Type: "Binary", Value: "YQ==" }]],
];

for (const [condition, accepted, rejected] of operators) {
  test(`${JSON.stringify(condition)} matches what it should`, () => {
    for (const value of accepted) assert.ok(matches({ key: [condition] }, { key: value }), JSON.stringify(value));
    for (const value of rejected) assert.ok(!matches({ key: [condition] }, { key: value }), JSON.stringify(value));
  });
}

test("keys are and, lists are or, and a missing attribute matches only exists false", () => {
  const policy = { color: ["red", "blue"], size: [{ numeric: [">=", 5] }] };
  assert.ok(matches(policy, { color: text("blue"), size: number("5") }));
  assert.ok(!matches(policy, { color: text("blue"), size: number("4") }));
  assert.ok(!matches(policy, { color: text("blue") }));
  assert.ok(matches({ color: [{ exists: false }] }, {}));
  assert.ok(!matches({ color: [{ "anything-but": "red" }] }, {}));
  assert.ok(matches({ $or: [{ a: ["1"] }, { b: ["2"] }] }, { b: text("2") }));
  assert.ok(!matches({ $or: [{ a: ["1"] }, { b: ["2"] }] }, { b: text("3") }));
});

test("a body is matched by nested keys; what is no JSON object never is", () => {
  const policy = { customer: { interests: ["rugby"], address: { city: ["Oslo"] } } };
  assert.ok(matchesBody(policy, { customer: { interests: ["football", "rugby"], address: { city: "Oslo" } } }));
  assert.ok(!matchesBody(policy, { customer: { interests: ["football"], address: { city: "Oslo" } } }));
  assert.ok(matchesBody({ items: { id: [7] } }, { items: [{ id: 1 }, { id: 7 }] }));
  assert.ok(!matchesBody({ constructor: [{ exists: true }] }, {}));
  const parsed = parseFilterPolicy('{"a":[1]}', "MessageBody");
  assert.ok(!matchesFilterPolicy(parsed, { message: "not JSON", attributes: {} }));
});

test("policies that SNS refuses are refused", () => {
  const long = { a: Array.from({ length: 13 }, String), b: Array.from({ length: 13 }, String) };
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ["[", /failed to parse/],
    [[], /must be an object/],
    [{ a: "b" }, /must be an array/],
    [{ a: [] }, /Empty arrays/],
    [{ a: [{ near: 1 }] }, /Unrecognized match type near/],
    [{ a: [{ numeric: [">"] }] }, /numeric/],
    [{ a: [{ numeric: [">", "1"] }] }, /number/],
    [{ a: [{ exists: "yes" }] }, /true or false/],
    [{ a: [{ cidr: "10.0.0.0/33" }] }, /CIDR/],
    [{ a: ["1"], b: ["1"], c: ["1"], d: ["1"], e: ["1"], f: ["1"] }, /more than 5 keys/],
    [long, /too complex/],
  ];
  for (const [policy, message] of wrong) {
    const json = typeof policy === "string" ? policy : JSON.stringify(policy);
    assert.throws(() => parseFilterPolicy(json, "MessageAttributes"), message);
  }
});
