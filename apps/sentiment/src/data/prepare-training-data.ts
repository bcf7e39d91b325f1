import { createHash } from "node:crypto";
import { normaliseText } from "../normalise-text.ts";
import type { HoldOutManifest } from "./hold-out.ts";
import type { Opinion } from "./opinion.ts";
import { hashOfText, positionOfText } from "./text-hash.ts";
import { buildTokenizer, type Tokenizer } from "./tokenizer.ts";

/** A share as a convention: enough for a standard error of half a point in 3,000 texts. */
const VALIDATION_SHARE = 0.1;

/** Characters that are held at once, some 2 GB: the rows are shuffled in memory. */
const MOST_CHARACTERS = 500_000_000;

/** An opinion in the model's form. */
interface Example {
  /** Normalised. */
  readonly text: string;
  readonly label: string;
}

export interface PreparationCounts {
  /** Rows of the data. */
  readonly rows: number;
  /** Rows in which nothing is left after normalising; dropped. */
  readonly unreadable: number;
  /** Rows whose text is in the hold-out; dropped. */
  readonly inHoldOut: number;
  readonly train: number;
  readonly validation: number;
  /** Texts that came with several labels: they only train. */
  readonly ambiguousTexts: number;
}

export interface PreparedData {
  /** BlazingText's format: `__label__positive easy to use`, one example a line. */
  readonly train: string;
  /** Each text once. */
  readonly validation: string;
  readonly tokenizer: Tokenizer;
  readonly counts: PreparationCounts;
}

export interface PreparationOptions {
  readonly holdOut: HoldOutManifest;
  /** Data with other labels than the hold-out's are refused unless this is set: no model of them can be compared with the live one (S-X6). */
  readonly areOtherLabelsAllowed?: boolean;
}

/**
 * In an order that the texts decide, not that of the rows: fastText learns in file order, and a file sorted by label or by age ruins it.
 * @param groups The examples of one text each.
 */
function shuffled(groups: readonly (readonly Example[])[]): Example[] {
  return groups
    .flatMap((group) =>
      group.map((example, occurrence) => {
        const order = createHash("sha256").update(`${occurrence} ${example.text}`).digest();
        return { example, order };
      }),
    )
    .sort((left, right) => left.order.compare(right.order))
    .map(({ example }) => example);
}

function formatExamples(examples: readonly Example[]): string {
  return examples.map(({ label, text }) => `__label__${label} ${text}\n`).join("");
}

/** Sorts rows into what can be trained on and what is dropped. */
async function collectExamples(opinions: AsyncIterable<Opinion> | Iterable<Opinion>, holdOut: HoldOutManifest) {
  const hashes = new Set(holdOut.textHashes);
  const counts = { rows: 0, unreadable: 0, inHoldOut: 0 };
  const byText = new Map<string, Example[]>();
  let characters = 0;
  for await (const opinion of opinions) {
    counts.rows += 1;
    const text = normaliseText(opinion.text);
    if (text === "") counts.unreadable += 1;
    else if (hashes.has(hashOfText(text))) counts.inHoldOut += 1;
    else {
      characters += text.length;
      if (characters > MOST_CHARACTERS)
        throw new Error(`The data has more than ${MOST_CHARACTERS} characters of text.`);
      const same = byText.get(text);
      if (same === undefined) byText.set(text, [{ text, label: opinion.label }]);
      else same.push({ text, label: opinion.label });
    }
  }
  return { byText, counts };
}

function checkLabels(labels: readonly string[], { holdOut, areOtherLabelsAllowed = false }: PreparationOptions): void {
  if (labels.length < 2) {
    throw new Error(
      `The data has ${labels.length === 0 ? "no rows to train on" : `the label ${labels[0]} only`}: there is nothing to learn.`,
    );
  }
  if (!areOtherLabelsAllowed && labels.join() !== holdOut.labels.join()) {
    throw new Error(
      `The data has the labels ${labels.join(", ")}, the hold-out ${holdOut.labels.join(", ")}. A model with other labels cannot be compared with the live one: ` +
        "bring a hold-out with these labels, and allow it by the parameter AllowOtherLabels.",
    );
  }
}

/**
 * Makes training data out of opinions: normalised, without rows of the hold-out, split by the hash of the text so that no text is on both sides and the
 * split stays when data is added. Texts with several labels only train. Throws Error for data that nothing can be learned from.
 */
export async function prepareTrainingData(
  opinions: AsyncIterable<Opinion> | Iterable<Opinion>,
  options: PreparationOptions,
): Promise<PreparedData> {
  const { byText, counts } = await collectExamples(opinions, options.holdOut);
  const trainGroups: Example[][] = [];
  const validation: Example[] = [];
  const labels = new Set<string>();
  let ambiguousTexts = 0;
  for (const [text, examples] of byText) {
    for (const { label } of examples) labels.add(label);
    const [first] = examples;
    const isAmbiguous = examples.some(({ label }) => label !== first?.label);
    if (isAmbiguous) ambiguousTexts += 1;
    const isValidation = !isAmbiguous && positionOfText(text, "validation") < VALIDATION_SHARE;
    if (first !== undefined && isValidation) validation.push(first);
    else trainGroups.push(examples);
  }
  const sorted = [...labels].sort();
  checkLabels(sorted, options);
  const train = shuffled(trainGroups);
  return {
    train: formatExamples(train),
    validation: formatExamples(validation),
    tokenizer: buildTokenizer(sorted, {
      train: train.map(({ text }) => text),
      validation: validation.map(({ text }) => text),
    }),
    counts: { ...counts, train: train.length, validation: validation.length, ambiguousTexts },
  };
}

/** The examples of a file in BlazingText's format. */
export function parseExamples(file: string): Example[] {
  return file
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, label, text] = /^__label__(\S+) (.+)$/.exec(line) ?? [];
      if (label === undefined || text === undefined) throw new Error(`This is no example: "${line.slice(0, 80)}".`);
      return { label, text };
    });
}
