import type { AnswerSource } from "../answers/answer.ts";
import type { ApplicationContext } from "../application-context.ts";

/** A list that was shown to a user. */
export interface Exposure {
  readonly recommendation_id: string;
  readonly user_id: string;
  /** Of the experiment that ran; null without one. */
  readonly variant: string | null;
  readonly source: AnswerSource;
  readonly product_ids: readonly string[];
  readonly shown_at: Date;
}

/** Notes what was shown, so that clicks and purchases can be told from it. Written every second; what a crash takes along is not counted. */
export interface ExposureLog {
  add(exposure: Exposure): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 1_000;
/** While the database is away, older ones are dropped: they are for statistics. */
const MOST_WAITING = 20_000;
const PER_STATEMENT = 2_000;

export function createExposureLog({
  database,
  onFault,
}: Pick<ApplicationContext, "database" | "onFault">): ExposureLog {
  let waiting: Exposure[] = [];
  let flushing = Promise.resolve();

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const rows = waiting.slice(0, PER_STATEMENT);
      await database.query(
        `insert into recommendations.shown_recommendations (recommendation_id, user_id, variant, source, product_ids, shown_at)
         select recommendation_id, user_id, variant, source, product_ids, shown_at
         from jsonb_to_recordset($1::jsonb)
           as line (recommendation_id uuid, user_id text, variant text, source text, product_ids jsonb, shown_at timestamptz)
         on conflict (recommendation_id) do nothing`,
        [JSON.stringify(rows)],
      );
      waiting.splice(0, rows.length);
    }
  }

  const flush = (): Promise<void> => (flushing = flushing.then(write).catch(onFault));
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    add(exposure) {
      waiting.push(exposure);
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING / 2);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
