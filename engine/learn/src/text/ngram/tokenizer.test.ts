import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenize } from "./tokenizer.ts";

test("ASCII texts: what the regular expression of the reference figures finds", () => {
  const texts = [
    "It's GREAT!!! (10/10)<br /><br />Would buy; again: yes, no?",
    "a_b-c d.e 'quoted' #tag @me $5.00 100%",
    Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join(""),
    "",
    "  \n\t",
  ];
  for (const text of texts) {
    const expected =
      text
        .toLowerCase()
        .replaceAll("<br />", " ")
        .match(/[a-z0-9']+|[!?.,;:()]/g) ?? [];
    assert.deepEqual(tokenize(text), [...expected]);
  }
});

test("umlauts are letters, composed or not", () => {
  assert.deepEqual(tokenize("Schöne Grüße aus Ålesund"), ["schöne", "grüße", "aus", "ålesund"]);
  assert.deepEqual(tokenize("Scho\u0308ne"), tokenize("Schöne"));
  assert.deepEqual(tokenize("don’t"), ["don't"]);
  assert.deepEqual(tokenize("Привет, мир!"), ["привет", ",", "мир", "!"]);
});

test("ideographs and kana are tokens one by one, with their punctuation", () => {
  assert.deepEqual(tokenize("電池が長持ち。すごい！"), [..."電池が長持ち。すごい！"]);
  assert.deepEqual(tokenize("𠮷野家2号"), ["𠮷", "野", "家", "2", "号"]);
});

test("emoji are tokens as they are seen", () => {
  assert.deepEqual(tokenize("great👍🏽👩‍🔬❤️🇩🇪🇫🇷!"), ["great", "👍🏽", "👩‍🔬", "❤️", "🇩🇪", "🇫🇷", "!"]);
});

test("halves of characters and endless words do no harm", () => {
  assert.deepEqual(tokenize("a\ud83d b \udc4d"), ["a", "b"]);
  assert.deepEqual(tokenize("x".repeat(1000)), ["x".repeat(128)]);
});
