import { holdOut, type Interactions, recommendAll, type Scorer } from "@rondo/learn";
import { createRandom, rankingMetrics } from "@rondo/statistics";
import { chooseHoldOut, type HoldOutChoice } from "./choose-hold-out.ts";
import { selectUsers } from "./select-users.ts";

/** What choices are judged by, held out of the training data: nothing of it is known to what is judged. */
export interface ValidationSet {
  readonly choice: HoldOutChoice;
  /** What candidates learn from; the same users and items as the training data. */
  readonly known: Interactions;
  /** Histories of the users who are judged: some of those of `known`, numbered anew. */
  readonly histories: Interactions;
  /** Of each of them what he did then. */
  readonly relevant: readonly Uint32Array[];
  /** The same without what he knew before; may be empty. */
  readonly relevantNew: readonly Uint32Array[];
  /** Share of what was done that the user knew before. */
  readonly repeats: number;
}

export interface ValidationOptions {
  readonly seed: number;
  /** Users at most who are judged. */
  readonly users: number;
}

/** Whether items that the user knows may be recommended, or not. */
export type Mode = "any" | "new";

const CUTOFF = 10;

/** Throws DataError when nobody is left to judge by. */
export function holdOutForValidation(interactions: Interactions, { seed, users }: ValidationOptions): ValidationSet {
  const choice = chooseHoldOut(interactions);
  const { known, relevant } = holdOut(interactions, { ...choice, exclude: "none", seed });
  const judged = chooseUsers(relevant, users, seed);
  const histories = selectUsers(known, judged);
  const { starts, columnIndexes } = histories.pairs;
  const relevantJudged = Array.from(judged, (user) => relevant[user]);
  const relevantNew = relevantJudged.map((items, user) => {
    const before = new Set(columnIndexes.subarray(starts[user], starts[user + 1]));
    return items.filter((item) => !before.has(item));
  });
  const done = relevantJudged.reduce((sum, { length }) => sum + length, 0);
  const fresh = relevantNew.reduce((sum, { length }) => sum + length, 0);
  return { choice, known, histories, relevant: relevantJudged, relevantNew, repeats: 1 - fresh / done };
}

/** Those with something to judge by, so many at most, drawn at random. */
function chooseUsers(relevant: readonly Uint32Array[], count: number, seed: number): Uint32Array {
  const judged = Uint32Array.from(relevant.keys()).filter((user) => relevant[user].length > 0);
  const random = createRandom(seed);
  for (let place = 0; place < Math.min(count, judged.length); place += 1) {
    const other = place + Math.floor(random() * (judged.length - place));
    [judged[place], judged[other]] = [judged[other], judged[place]];
  }
  return judged.slice(0, count).sort();
}

/** Mean NDCG@10 over the users with something relevant. */
export async function gainOf(
  scorer: Scorer,
  { histories, relevant, relevantNew }: Pick<ValidationSet, "histories" | "relevant" | "relevantNew">,
  mode: Mode,
  run: { readonly threads: number; readonly signal?: AbortSignal },
): Promise<number> {
  const wanted = mode === "new" ? relevantNew : relevant;
  const options = { count: CUTOFF, exclude: mode === "new" ? "history" : "none" } as const;
  const ranked = await recommendAll(scorer, histories, options, run);
  let total = 0;
  let judged = 0;
  for (const [user, items] of wanted.entries()) {
    if (items.length === 0) continue;
    const list = ranked.items.subarray(user * ranked.count, user * ranked.count + ranked.counts[user]);
    const hits = Array.from(list, (item) => items.includes(item));
    total += rankingMetrics({ hits, relevant: items.length }, CUTOFF).normalizedDiscountedCumulativeGain;
    judged += 1;
  }
  return judged === 0 ? 0 : total / judged;
}
