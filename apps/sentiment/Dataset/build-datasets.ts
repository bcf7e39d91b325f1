/**
 * Makes the CSV files beside it out of the original files; run again only when the form changes:
 *
 *   node apps/sentiment/Dataset/build-datasets.ts <folder with pros_cons and sentence_polarity of NLTK's data>
 *
 * The result depends on these files alone, so building twice gives the same bytes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { partAt } from "../src/data/hold-out.ts";
import type { Opinion } from "../src/data/opinion.ts";
import { formatOpinions } from "../src/data/opinion-csv.ts";
import { positionOfText } from "../src/data/text-hash.ts";
import { normaliseText } from "../src/normalise-text.ts";

const SOURCES = [
  { file: "pros_cons/IntegratedPros.txt", label: "positive", domain: "product" },
  { file: "pros_cons/IntegratedCons.txt", label: "negative", domain: "product" },
  { file: "sentence_polarity/rt-polarity.pos", label: "positive", domain: "film" },
  { file: "sentence_polarity/rt-polarity.neg", label: "negative", domain: "film" },
] as const;

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Numeric references 128–159 mean Windows-1252 characters (HTML standard, numeric character reference end state). */
const WINDOWS_1252 = new TextDecoder("windows-1252");

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, number: string | undefined, name: string | undefined) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? whole;
    const codePoint = Number(number);
    return codePoint >= 128 && codePoint < 160
      ? WINDOWS_1252.decode(Uint8Array.of(codePoint))
      : String.fromCodePoint(codePoint);
  });
}

/** One text a line: tags removed, entities decoded, every run of white space one blank. Empty lines are no texts. */
function textsOf(file: string): string[] {
  return file
    .split("\n")
    .map((line) =>
      decodeEntities(line.replace(/<\/?(?:Pros|Cons)>/g, ""))
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((text) => normaliseText(text) !== "");
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("Usage: node build-datasets.ts <folder with the original files>");
const opinions: Opinion[] = [];
for (const { file, label, domain } of SOURCES) {
  const texts = textsOf(await readFile(join(folder, file), "utf8"));
  opinions.push(...texts.map((text) => ({ text, label, domain })));
}

const files: Readonly<Record<"train_data" | "test_data" | "test_data_hidden" | "film_sentences", Opinion[]>> = {
  train_data: [],
  test_data: [],
  test_data_hidden: [],
  film_sentences: [],
};
for (const [text, same] of Map.groupBy(opinions, (opinion) => normaliseText(opinion.text))) {
  const [first] = same;
  if (first === undefined) continue;
  // Nobody can tell what a text means that was given with both labels ("none", "price"): it judges nothing.
  const isAmbiguous = same.some(({ label }) => label !== first.label);
  const part = isAmbiguous ? "training" : partAt(positionOfText(text, "part"));
  if (part === "hold-out") files.test_data_hidden.push(first);
  else if (part === "development" && first.domain === "product") files.test_data.push(first);
  else for (const each of same) (each.domain === "film" ? files.film_sentences : files.train_data).push(each);
}
for (const [name, rows] of Object.entries(files)) {
  await writeFile(join(import.meta.dirname, `${name}.csv`), formatOpinions(rows));
  process.stdout.write(`${name}.csv: ${rows.length} rows\n`);
}
