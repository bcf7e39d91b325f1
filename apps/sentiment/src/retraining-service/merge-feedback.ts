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
  /** Feedback with a label that the model does not have, as it is taken while nobody knows the model's labels (S-X6). */
  readonly otherLabels: number;
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

/** Texts with feedback that are held in memory, and their characters: together less than a gigabyte. */
const MOST_TEXTS = 1_000_000;
const MOST_CHARACTERS = 200_000_000;

export interface MergeOptions {
  /** `hashOfText` of the hidden texts. */
  readonly hidden: ReadonlySet<string>;
  /** Feedback with another label is dropped; undefined takes all. */
  readonly labels?: ReadonlySet<string> | undefined;
}

/** What is held of a feedback. */
type Correction = Required<Pick<Feedback, "text" | "user_label" | "timestamp">>;

/**
 * Historical data with the feedback: of each text that users spoke of, one row with the newest label; texts of the hidden test set are dropped and
 * counted (S-X2). Rows come in the order of the history, then of the feedback's texts; `counts` is complete when they have ended.
 */
export function mergeFeedback(
  historical: AsyncIterable<Opinion>,
  feedback: AsyncIterable<Feedback>,
  options: MergeOptions,
): { readonly rows: AsyncGenerator<Opinion>; readonly counts: MergeCounts } {
  const counts: MutableCounts = {
    historical: 0,
    feedback: 0,
    withoutText: 0,
    otherLabels: 0,
    superseded: 0,
    hidden: 0,
    replaced: 0,
    merged: 0,
  };

  async function* rows(): AsyncGenerator<Opinion> {
    const newest = await newestByText(feedback, options, counts);
    for await (const opinion of historical) {
      counts.historical += 1;
      const hash = hashOfText(normaliseText(opinion.text));
      if (options.hidden.has(hash)) counts.hidden += 1;
      else if (newest.has(hash)) counts.replaced += 1;
      else {
        counts.merged += 1;
        yield opinion;
      }
    }
    for (const { text, user_label } of newest.values()) {
      counts.merged += 1;
      yield { text, label: user_label, domain: "" };
    }
  }

  return { rows: rows(), counts };
}

async function newestByText(
  feedback: AsyncIterable<Feedback>,
  { hidden, labels }: MergeOptions,
  counts: MutableCounts,
): Promise<Map<string, Correction>> {
  const newest = new Map<string, Correction>();
  let characters = 0;
  for await (const { text, text_hash, timestamp, user_label } of feedback) {
    counts.feedback += 1;
    if (text === undefined || text_hash === undefined) counts.withoutText += 1;
    else if (hidden.has(text_hash)) counts.hidden += 1;
    else if (labels?.has(user_label) === false) counts.otherLabels += 1;
    else {
      const known = newest.get(text_hash);
      if (known !== undefined) counts.superseded += 1;
      if (known !== undefined && known.timestamp > timestamp) continue;
      characters += text.length - (known?.text.length ?? 0);
      newest.set(text_hash, { text, user_label, timestamp });
      if (newest.size > MOST_TEXTS || characters > MOST_CHARACTERS) {
        throw new Error(
          `There is feedback on more than ${MOST_TEXTS} texts or ${MOST_CHARACTERS} characters: merge it in parts.`,
        );
      }
    }
  }
  return newest;
}
