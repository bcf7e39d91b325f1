import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { normaliseText } from "../normalise-text.ts";
import { describeHoldOut } from "./hold-out.ts";
import { parseOpinions } from "./opinion-csv.ts";
import { hashOfText } from "./text-hash.ts";

const APPLICATION = join(import.meta.dirname, "../..");

async function readDataset(name: string) {
  return parseOpinions(await readFile(join(APPLICATION, "Dataset", name)));
}

test("no text of the hidden set is in what is trained on, tuned on or given as feedback", async () => {
  const { textHashes, rows } = describeHoldOut(await readFile(join(APPLICATION, "Dataset", "test_data_hidden.csv")));
  assert.equal(rows, 10_238);
  const hashes = new Set(textHashes);
  for (const name of ["train_data.csv", "test_data.csv", "film_sentences.csv"]) {
    const opinions = await readDataset(name);
    assert.ok(opinions.length > 3000);
    assert.ok(
      opinions.every(({ text }) => !hashes.has(hashOfText(normaliseText(text)))),
      name,
    );
  }
});

test("the hidden set has both domains and both labels, the first model's data only products", async () => {
  const shares = (opinions: Awaited<ReturnType<typeof readDataset>>) =>
    Object.fromEntries(
      [...Map.groupBy(opinions, ({ domain, label }) => `${domain} ${label}`)].map(([name, rows]) => [
        name,
        rows.length,
      ]),
    );
  const hidden = shares(await readDataset("test_data_hidden.csv"));
  assert.deepEqual(Object.keys(hidden).sort(), [
    "film negative",
    "film positive",
    "product negative",
    "product positive",
  ]);
  assert.ok(Object.values(hidden).every((rows) => rows > 1000));
  assert.deepEqual(Object.keys(shares(await readDataset("train_data.csv"))), ["product positive", "product negative"]);
  assert.deepEqual(Object.keys(shares(await readDataset("test_data.csv"))), ["product positive", "product negative"]);
});

test("of the product's code only what uploads the hidden set for the evaluation names its file", async () => {
  const sources = ["src", "infrastructure"].map(async (folder) => {
    const names = await readdir(join(APPLICATION, folder), { recursive: true });
    return names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).map((name) => join(folder, name));
  });
  const naming: string[] = [];
  for (const source of (await Promise.all(sources)).flat()) {
    if ((await readFile(join(APPLICATION, source), "utf8")).includes("test_data_hidden")) naming.push(source);
  }
  assert.deepEqual(naming, [join("src", "pipeline", "upload-hold-out.ts")]);
});
