import type { Opinion } from "../data/opinion.ts";
import { hashOfText } from "../data/text-hash.ts";
import type { Feedback } from "../feedback-service/feedback.ts";
import { normaliseText } from "../normalise-text.ts";

export interface MergeCounts {
  /** Rows of the historical data. */
  readonly historical: number;
  /** Rows of the feedback table. */
  readonly feedback: number;
  /** Feedback without its text, which cannot be learned from. */
  readonly withoutText: number;
  /** Older feedback on a text that has newer. */
  readonly superseded: number;
  /** Feedback and historical rows whose text is in the hidden test set. */
  readonly hidden: number;
  /** Historical rows whose text has feedback: the newest label holds. */
  readonly replaced: number;
  /** Rows of the merged data. */
  readonly merged: number;
}

type MutableCounts = { -readonly [Name in keyof MergeCounts]: number };

/** Texts with feedback that are held in memory, some hundred megabytes. */
const MOST_TEXTS = 1_000_000;

/**
 * Historical data with the feedback: of each text that users spoke of, one row with the newest label; texts of the hidden test set are dropped and
 * counted (S-X2). Rows come in the order of the history, then of the feedback's texts; `counts` is complete when they have ended.
 * @param hidden `hashOfText` of the hidden texts.
 */
export function mergeFeedback(
  historical: AsyncIterable<Opinion>,
  feedback: AsyncIterable<Feedback>,
  hidden: ReadonlySet<string>,
): { readonly rows: AsyncGenerator<Opinion>; readonly counts: MergeCounts } {
  const counts: MutableCounts = {
    historical: 0,
    feedback: 0,
    withoutText: 0,
    superseded: 0,
    hidden: 0,
    replaced: 0,
    merged: 0,
  };

  async function* rows(): AsyncGenerator<Opinion> {
    const newest = await newestByText(feedback, hidden, counts);
    for await (const opinion of historical) {
      counts.historical += 1;
      const hash = hashOfText(normaliseText(opinion.text));
      if (hidden.has(hash)) counts.hidden += 1;
      else if (newest.has(hash)) counts.replaced += 1;
      else {
        counts.merged += 1;
        yield opinion;
      }
    }
    for (const { text = "", user_label } of newest.values()) {
      counts.merged += 1;
      yield { text, label: user_label, domain: "" };
    }
  }

  return { rows: rows(), counts };
}

async function newestByText(
  feedback: AsyncIterable<Feedback>,
  hidden: ReadonlySet<string>,
  counts: MutableCounts,
): Promise<Map<string, Feedback>> {
  const newest = new Map<string, Feedback>();
  for await (const row of feedback) {
    counts.feedback += 1;
    const { text, text_hash } = row;
    if (text === undefined || text_hash === undefined) {
      counts.withoutText += 1;
      continue;
    }
    if (hidden.has(text_hash)) {
      counts.hidden += 1;
      continue;
    }
    const known = newest.get(text_hash);
    if (known !== undefined) counts.superseded += 1;
    if (known === undefined || known.timestamp <= row.timestamp) newest.set(text_hash, row);
    if (newest.size > MOST_TEXTS)
      throw new Error(`There is feedback on more than ${MOST_TEXTS} texts: merge it in parts.`);
  }
  return newest;
}
