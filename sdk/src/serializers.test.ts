import assert from "node:assert/strict";
import { test } from "node:test";
import {
  csvDeserializer,
  csvSerializer,
  jsonDeserializer,
  jsonLinesDeserializer,
  jsonLinesSerializer,
  jsonSerializer,
  textDeserializer,
  textSerializer,
} from "./serializers.ts";

test("CSV cells are quoted where RFC 4180 asks for it", () => {
  const rows = [
    [1, "plain", -0.5],
    ['say "hi"', "a,b", "two\nlines"],
  ];
  assert.equal(csvSerializer().serialize(rows), '1,plain,-0.5\n"say ""hi""","a,b","two\nlines"');
});

test("CSV that was written is read back as texts", () => {
  const rows = [
    ["", "a,b", 'quote "'],
    ["two\r\nlines", "", ""],
  ];
  assert.deepEqual(csvDeserializer().deserialize(String(csvSerializer().serialize(rows))), rows);
});

test("CSV answers end with or without a line break", () => {
  for (const body of ["1.0,3.0\n2.0,4.0", "1.0,3.0\r\n2.0,4.0\r\n"]) {
    assert.deepEqual(csvDeserializer().deserialize(body), [
      ["1.0", "3.0"],
      ["2.0", "4.0"],
    ]);
  }
  assert.deepEqual(csvDeserializer().deserialize(""), []);
  assert.deepEqual(csvDeserializer().deserialize("1,"), [["1", ""]]);
});

test("what is not CSV is refused with the place", () => {
  assert.throws(() => csvDeserializer().deserialize('1,"open'), /not CSV at character 2/);
});

test("JSON answers are unknown, or what parse makes of them", () => {
  assert.equal(jsonSerializer().serialize({ instances: ["ü"] }), '{"instances":["ü"]}');
  assert.deepEqual(jsonDeserializer().deserialize('{"a":[1]}'), { a: [1] });
  const strict = jsonDeserializer((value) => {
    if (typeof value !== "number") throw new TypeError("not a number");
    return value;
  });
  assert.equal(strict.deserialize("3"), 3);
  assert.throws(() => strict.deserialize('"3"'), /not a number/);
});

test("JSON lines hold one value each", () => {
  assert.equal(jsonLinesSerializer().serialize([{ a: 1 }, "x"]), '{"a":1}\n"x"\n');
  assert.deepEqual(jsonLinesDeserializer(Number).deserialize("1\n\n2\n"), [1, 2]);
});

test("texts travel as they are", () => {
  assert.equal(textSerializer().serialize("a\nb"), "a\nb");
  assert.equal(textDeserializer().deserialize("a\nb"), "a\nb");
});
