import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One labelled text: 1 = positive. */
interface Example {
  readonly label: number;
  readonly text: string;
}

export interface TextSplit {
  readonly train: readonly Example[];
  readonly test: readonly Example[];
}

export const textSets = ["proscons", "mr", "imdb"] as const;
export type TextSet = (typeof textSets)[number];

/**
 * Tokens of every method that the reference figures compare: lower case, HTML breaks removed, words and single
 * punctuation marks.
 */
export function tokenize(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll("<br />", " ")
      .match(/[a-z0-9']+|[!?.,;:()]/g) ?? []
  ).join(" ");
}

/**
 * The split of the reference figures. imdb: train and test as given. proscons, mr: lines in file order without empty
 * ones, positive file first; each fifth line over both files is test.
 */
export async function loadTextSet(dataDirectory: string, name: TextSet): Promise<TextSplit> {
  if (name === "imdb") {
    const [train, test] = await Promise.all(
      ["train", "test"].map((part) => loadReviews(join(dataDirectory, "imdb-acl", part))),
    );
    return { train: train ?? [], test: test ?? [] };
  }
  const files =
    name === "proscons"
      ? ["pros_cons/IntegratedPros.txt", "pros_cons/IntegratedCons.txt"]
      : ["sentence_polarity/rt-polarity.pos", "sentence_polarity/rt-polarity.neg"];
  const examples: Example[] = [];
  for (const [index, file] of files.entries()) {
    const lines = (await readFile(join(dataDirectory, "nltk", file), "latin1")).split("\n");
    for (const line of lines) {
      const text = line.replaceAll(/<\/?(Pros|Cons)>/g, "").trim();
      if (text !== "") examples.push({ label: 1 - index, text: decodeEntities(text) });
    }
  }
  return {
    train: examples.filter((_, index) => index % 5 !== 0),
    test: examples.filter((_, index) => index % 5 === 0),
  };
}

async function loadReviews(directory: string): Promise<Example[]> {
  const examples: Example[] = [];
  for (const [folder, label] of [
    ["pos", 1],
    ["neg", 0],
  ] as const) {
    for (const file of (await readdir(join(directory, folder))).sort()) {
      examples.push({ label, text: await readFile(join(directory, folder, file), "utf8") });
    }
  }
  return examples;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|([a-z]+));?/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (ENTITIES[name ?? ""] ?? whole) : String.fromCodePoint(Number(code)),
  );
}

/**
 * Writes examples as fastText reads them, in a shuffled order that is always the same: a file sorted by label ruins the
 * training.
 */
export async function writeFastTextFile(path: string, examples: readonly Example[]): Promise<void> {
  const order = Array.from(examples.keys());
  let state = 1;
  for (let last = order.length - 1; last > 0; last--) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  const lines = order
    .map((index) => examples[index])
    .map((example) => `__label__${example?.label} ${tokenize(example?.text ?? "")}\n`);
  await writeFile(path, lines.join(""));
}
