import { createHash } from "node:crypto";
import { normaliseText } from "./normalise-text.ts";
import type { Label, Opinion } from "./product-opinions.ts";

/** An opinion in the model's form. */
export interface Example {
  readonly label: Label;
  /** Normalised. */
  readonly text: string;
}

export interface SplitOpinions {
  /** Every line that is not held out, in a fixed random order (fastText learns in file order and a sorted file ruins it). */
  readonly train: readonly Example[];
  /** One line a text. Watched while training; settings were chosen on it. */
  readonly validation: readonly Example[];
  /** One line a text. Used for the final figure and nothing else. */
  readonly test: readonly Example[];
  readonly counts: SplitCounts;
}

export interface SplitCounts {
  /** Lines of the file. */
  readonly opinions: number;
  /** Lines in which nothing is left after normalising. */
  readonly unreadable: number;
  /** Different normalised texts. */
  readonly texts: number;
  /** Texts that occur with both labels ("none", "price"): nobody can tell what they mean, so they only train. */
  readonly ambiguousTexts: number;
  readonly ambiguousOpinions: number;
}

/** Shares of the texts, as a convention: a fifth to judge as in the figures that we compare with, a tenth of the rest to watch. */
const TEST_SHARE = 0.2;
const VALIDATION_SHARE = 0.08;

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** A number in [0, 1) that depends on the text alone. */
function position(text: string): number {
  return digest(text).readUInt32BE() / 2 ** 32;
}

function shuffled(examples: readonly Example[]): Example[] {
  return examples
    .map((example, index) => ({ example, order: digest(`${index} ${example.text}`) }))
    .sort((left, right) => left.order.compare(right.order))
    .map(({ example }) => example);
}

/**
 * Splits by the hash of the normalised text, so that no text is on both sides, whatever its spelling, and the split stays the same when
 * data is added. Held-out parts have each text once, so their rows are independent, as an interval assumes; the training part keeps repetitions,
 * since how often something is said is information.
 */
export function splitOpinions(opinions: readonly Opinion[]): SplitOpinions {
  const byText = Map.groupBy(
    opinions.map(({ label, text }) => ({ label, text: normaliseText(text) })),
    ({ text }) => text,
  );
  const unreadable = byText.get("")?.length ?? 0;
  byText.delete("");
  const train: Example[] = [];
  const validation: Example[] = [];
  const test: Example[] = [];
  let ambiguousTexts = 0;
  let ambiguousOpinions = 0;
  for (const [text, examples] of byText) {
    const [first] = examples;
    if (first === undefined) continue;
    const place = position(text);
    if (examples.some(({ label }) => label !== first.label)) {
      ambiguousTexts += 1;
      ambiguousOpinions += examples.length;
      train.push(...examples);
    } else if (place < TEST_SHARE) test.push(first);
    else if (place < TEST_SHARE + VALIDATION_SHARE) validation.push(first);
    else train.push(...examples);
  }
  return {
    train: shuffled(train),
    validation,
    test,
    counts: { opinions: opinions.length, unreadable, texts: byText.size, ambiguousTexts, ambiguousOpinions },
  };
}

/** BlazingText's training format: one example a line, `__label__positive easy to use`. */
export function formatExamples(examples: readonly Example[]): string {
  return examples.map(({ label, text }) => `__label__${label} ${text}\n`).join("");
}
