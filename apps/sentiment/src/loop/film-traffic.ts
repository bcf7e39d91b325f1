import { readFile } from "node:fs/promises";
import type { Opinion } from "../data/opinion.ts";
import { parseOpinions } from "../data/opinion-csv.ts";
import { positionOfText } from "../data/text-hash.ts";
import { normaliseText } from "../normalise-text.ts";

/** Sentences about films, a domain that the first model never saw. No text is in two parts, and none is in the hidden test set (a test proves it). */
export interface FilmTraffic {
  /** Users correct the answers to these. */
  readonly feedback: readonly Opinion[];
  /** Asked again and again while the new version comes up; nobody corrects them. */
  readonly rollout: readonly Opinion[];
  /** Asked at the end only: live accuracy on what no model has seen. */
  readonly after: readonly Opinion[];
}

const FILE = new URL("../../Dataset/film_sentences.csv", import.meta.url);

/** Kept away from the feedback. */
const ROLLOUT_TEXTS = 500;
const AFTER_TEXTS = 1_500;

/** @param feedbackTexts How many sentences users correct; at most as many as there are. */
export async function readFilmTraffic(feedbackTexts: number): Promise<FilmTraffic> {
  const byText = new Map((await readFile(FILE).then(parseOpinions)).map((row) => [normaliseText(row.text), row]));
  const sentences = [...byText]
    .sort(([one], [other]) => positionOfText(one, "loop") - positionOfText(other, "loop") || (one < other ? -1 : 1))
    .map(([, row]) => row);
  const rollout = sentences.slice(0, ROLLOUT_TEXTS);
  const after = sentences.slice(ROLLOUT_TEXTS, ROLLOUT_TEXTS + AFTER_TEXTS);
  return { rollout, after, feedback: sentences.slice(ROLLOUT_TEXTS + AFTER_TEXTS).slice(0, feedbackTexts) };
}
