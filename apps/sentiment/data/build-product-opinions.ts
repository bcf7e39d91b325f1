/**
 * Makes product-opinions.tsv.gz out of the original files; run again only when the form changes:
 *
 *   node apps/sentiment/data/build-product-opinions.ts <folder with IntegratedPros.txt and IntegratedCons.txt>
 *
 * The result depends on the two files alone, so building twice gives the same bytes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const SOURCES = [
  { file: "IntegratedPros.txt", label: "positive" },
  { file: "IntegratedCons.txt", label: "negative" },
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

/** One opinion a line: tags removed, entities decoded, every run of white space one blank. Empty lines are no opinions. */
function opinionsOf(file: string): string[] {
  return file
    .split("\n")
    .map((line) =>
      decodeEntities(line.replace(/<\/?(?:Pros|Cons)>/g, ""))
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((text) => text !== "");
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("Usage: node build-product-opinions.ts <folder with the original files>");
const lines: string[] = [];
for (const { file, label } of SOURCES) {
  const opinions = opinionsOf(await readFile(join(folder, file), "utf8"));
  lines.push(...opinions.map((text) => `${label}\t${text}\n`));
}
await writeFile(join(import.meta.dirname, "product-opinions.tsv.gz"), gzipSync(lines.join(""), { level: 9 }));
