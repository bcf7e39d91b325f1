/** Goes up when a text may get another normal form: models trained on the old one cannot be asked in the new one. */
export const NORMALISATION_VERSION = 1;

/** Words of letters and digits, apostrophes included, and the marks of punctuation that carry feeling; the rest separates. */
const TOKENS = /[a-z0-9']+|[!?.,;:()]/g;

/**
 * A text as the model reads it: lower case, tokens with one blank between them. Training data and requests both go through here, so that what
 * is served is what was trained; two texts with the same normal form are the same text. Empty when there is nothing that it can read.
 */
export function normaliseText(text: string): string {
  return (text.toLowerCase().match(TOKENS) ?? []).join(" ");
}
