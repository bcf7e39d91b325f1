import { type InputProfile, profileInputs, wordsOf } from "../drift/input-profile.ts";
import { NORMALISATION_VERSION } from "../normalise-text.ts";

/** `tokenizer.json`: how the model reads texts and what it was trained on. It lies in the model artifact, so that neither is without the other. */
export interface Tokenizer {
  readonly format: "rondo-sentiment-tokenizer";
  readonly version: 1;
  /** Of `normaliseText`: texts that were normalised by another version are other texts. */
  readonly normalisationVersion: number;
  /** The classes of the training data, sorted. */
  readonly labels: readonly string[];
  /** The words of the training data, the most frequent first. */
  readonly words: readonly string[];
  /** The validation part beside these words: what new traffic is compared with. */
  readonly validationInputs: InputProfile;
}

/** More words than that are typing errors and names: they make the file large and tell nothing. */
const MOST_WORDS = 200_000;

/** @param parts Normalised texts. */
export function buildTokenizer(
  labels: readonly string[],
  parts: { readonly train: readonly string[]; readonly validation: readonly string[] },
): Tokenizer {
  const counts = new Map<string, number>();
  for (const text of parts.train) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts]
    .sort(([one, seldom], [other, often]) => often - seldom || (one < other ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);
  return {
    format: "rondo-sentiment-tokenizer",
    version: 1,
    normalisationVersion: NORMALISATION_VERSION,
    labels: [...labels].sort(),
    words,
    validationInputs: profileInputs(parts.validation, new Set(words)),
  };
}

/** Reads `tokenizer.json`. A pickled tokenizer (S-X5) and one of another normalisation are refused. */
export function parseTokenizer(file: string | Buffer): Tokenizer {
  // Protocol 2 and later begin with this byte; a JSON text never does.
  if (file[0] === 0x80 || file[0] === "\x80") {
    throw new Error(
      "This is a pickled tokenizer (.pkl), which would run code when it is read. Convert it to JSON on your side.",
    );
  }
  const tokenizer = JSON.parse(String(file)) as Partial<Tokenizer>;
  if (tokenizer.format !== "rondo-sentiment-tokenizer" || tokenizer.version !== 1) {
    throw new Error(
      `tokenizer.json has the format ${tokenizer.format} ${tokenizer.version}, not rondo-sentiment-tokenizer 1.`,
    );
  }
  if (tokenizer.normalisationVersion !== NORMALISATION_VERSION) {
    throw new Error(
      `The tokenizer normalises as version ${tokenizer.normalisationVersion}, this program as version ${NORMALISATION_VERSION}: train the model anew.`,
    );
  }
  return tokenizer as Tokenizer;
}
