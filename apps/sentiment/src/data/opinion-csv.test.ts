import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { formatOpinions, OpinionFormatError, parseOpinions, readOpinions } from "./opinion-csv.ts";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const OPINIONS = [
  { text: 'He said "fine", twice\nand left', label: "positive", domain: "film" },
  { text: "price, size", label: "negative", domain: "" },
  { text: "größer 👍", label: "4-stars", domain: "product" },
];

test("what is written is read again, commas, quotation marks and line breaks included", async () => {
  const csv = formatOpinions(OPINIONS);
  assert.equal(csv.split("\n")[0], "text,label,domain");
  assert.deepEqual(parseOpinions(csv), OPINIONS);
  const folder = await mkdtemp(join(tmpdir(), "opinions-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  await writeFile(join(folder, "opinions.csv"), `\uFEFF${csv}`);
  assert.deepEqual(await collect(readOpinions(join(folder, "opinions.csv"))), OPINIONS);
});

test("columns may come in any order, others are ignored, the domain may be missing", () => {
  assert.deepEqual(parseOpinions("feedback_id,label,text\r\n7,positive,good\r\n\r\n"), [
    { text: "good", label: "positive", domain: "" },
  ]);
});

test("what cannot be right is refused with the place", () => {
  assert.throws(() => parseOpinions("review,label\ngood,positive\n"), /no column "text"/);
  assert.throws(() => parseOpinions("text,label\ngood,very positive\n"), /line 2 is "very positive"/);
  assert.throws(() => parseOpinions("text,label\ngood\n"), OpinionFormatError);
  assert.throws(() => parseOpinions('text,label\n"good,positive\n'), OpinionFormatError);
  assert.throws(() => parseOpinions(`text,label\n${"x".repeat(100_001)},positive\n`), OpinionFormatError);
});
