import type { ApplicationContext } from "../application-context.ts";
import { describeFailure } from "../is-transient.ts";
import type { Answer } from "./answer.ts";
import { type CachedList, type CacheName, readCached, writeCached } from "./cache.ts";
import { askForItem, askForRanking, askForUser } from "./campaigns.ts";
import { type CachedOffer, type ScoredItem, withDisplayScores } from "./display-score.ts";
import { readPopular } from "./popular-products.ts";

export type AnswerContext = Pick<ApplicationContext, "database" | "runtime" | "clock" | "settings">;

/** What is known of whom an answer is for. */
interface Subject {
  readonly interactions: number;
  readonly location: string | undefined;
}

/**
 * What to offer a user: from the cache; live when he is not there, when the list is too old or too short; and when Personalize does not answer what is
 * left of the cache, what is popular where he lives, or what is popular. Empty only when the shop has no products at all.
 */
export function recommendForUser(context: AnswerContext, userId: string, count: number): Promise<Answer> {
  return answerFrom(context, {
    cache: "users",
    id: userId,
    count,
    subject: () => readCustomer(context, userId),
    ask: (length) => askForUser(context, userId, length),
    isExcluded: () => false,
  });
}

/** What is similar to a product: from the cache, live, or what is popular. The product itself is not among it. */
export function recommendSimilar(context: AnswerContext, productId: string, count: number): Promise<Answer> {
  return answerFrom(context, {
    cache: "items",
    id: productId,
    count,
    subject: () => readProductSubject(context, productId),
    ask: (length) => askForItem(context, productId, length),
    isExcluded: (id) => id === productId,
  });
}

interface Question {
  readonly cache: CacheName;
  readonly id: string;
  readonly count: number;
  readonly subject: () => Promise<Subject>;
  readonly ask: (length: number) => Promise<ScoredItem[]>;
  readonly isExcluded: (productId: string) => boolean;
}

async function answerFrom(context: AnswerContext, question: Question): Promise<Answer> {
  const { database, clock, settings } = context;
  const { cache, id, count } = question;
  const cached = await readCached(database, cache, id);
  const now = clock.now();
  const missing = whyNotCached(cached, { count, freshSince: now.getTime() - settings.cacheHours * 3_600_000 });
  if (cached !== undefined && missing === null) return fromCache(cached, count, "cache", null);
  const { interactions, location } = await question.subject();
  let failure: string;
  try {
    const items = await question.ask(Math.max(count, settings.listLength));
    const offers = withDisplayScores(items, interactions).filter(({ product_id }) => !question.isExcluded(product_id));
    if (offers.length > 0) {
      await writeCached(database, cache, new Map([[id, offers]]), now);
      return { offers: offers.slice(0, count), source: "live", fallback_reason: missing, computed_at: now };
    }
    failure = "Personalize recommended nothing";
  } catch (error) {
    failure = describeFailure(error);
  }
  const fallback_reason = `${missing}; ${failure}`;
  if (cached !== undefined && cached.offers.length > 0) return fromCache(cached, count, "stale_cache", fallback_reason);
  return popular(context, { count, location, fallback_reason, isExcluded: question.isExcluded });
}

function fromCache(cached: CachedList, count: number, source: Answer["source"], why: string | null): Answer {
  return { offers: cached.offers.slice(0, count), source, fallback_reason: why, computed_at: cached.updatedAt };
}

function whyNotCached(
  cached: CachedList | undefined,
  { count, freshSince }: { readonly count: number; readonly freshSince: number },
): string | null {
  if (cached === undefined) return "not in the cache";
  if (cached.updatedAt.getTime() < freshSince) return "the cached list is too old";
  return cached.offers.length < count ? "the cached list is too short" : null;
}

interface PopularQuestion {
  readonly count: number;
  readonly location: string | undefined;
  readonly fallback_reason: string;
  readonly isExcluded: (productId: string) => boolean;
}

async function popular({ database, clock }: AnswerContext, question: PopularQuestion): Promise<Answer> {
  const { count, location, fallback_reason, isExcluded } = question;
  const limit = count + 1;
  const near = location === undefined ? [] : await readPopular(database, { location, limit });
  const everywhere = near.length < limit ? await readPopular(database, { limit }) : [];
  const isNear = near.length > 0;
  // A small region's list is filled up with what is popular everywhere.
  const ids = [...new Set([...near, ...everywhere].map(({ product_id }) => product_id))];
  const chosen = ids.filter((id) => !isExcluded(id)).slice(0, count);
  const offers = withDisplayScores(
    chosen.map((itemId) => ({ itemId })),
    0,
  );
  return { offers, source: isNear ? "popular_in_region" : "popular", fallback_reason, computed_at: clock.now() };
}

/** Products in the order in which a user likes them (P-13): asked of Personalize; when it does not answer, those of his list first, then as given. */
export async function rankForUser(
  context: AnswerContext,
  userId: string,
  productIds: readonly string[],
): Promise<Answer> {
  const { database, clock } = context;
  const now = clock.now();
  const { interactions } = await readCustomer(context, userId);
  try {
    const items = await askForRanking(context, userId, productIds);
    if (items.length > 0) {
      const offers = withDisplayScores(items, interactions);
      return { offers, source: "live", fallback_reason: null, computed_at: now };
    }
  } catch (error) {
    const cached = await readCached(database, "users", userId);
    const known = new Map(cached?.offers.map(({ product_id, relevance }) => [product_id, relevance]));
    const ids = productIds.toSorted((one, two) => (known.get(two) ?? 0) - (known.get(one) ?? 0));
    const offers: CachedOffer[] = withDisplayScores(
      ids.map((itemId) => ({ itemId })),
      interactions,
    );
    const source = cached === undefined ? "popular" : "stale_cache";
    return { offers, source, fallback_reason: describeFailure(error), computed_at: cached?.updatedAt ?? now };
  }
  return { offers: [], source: "live", fallback_reason: "Personalize knows none of these products", computed_at: now };
}

async function readCustomer({ database }: AnswerContext, userId: string): Promise<Subject> {
  const [row] = await database.query<{ interactions: number; location: string | null }>(
    `select location, (
       select count(*)::integer from recommendations.orders join recommendations.order_items using (order_id)
       where unified_customer_id = $1) as interactions
     from recommendations.customers where unified_customer_id = $1`,
    [userId],
  );
  return { interactions: row?.interactions ?? 0, location: row?.location ?? undefined };
}

async function readProductSubject({ database }: AnswerContext, productId: string): Promise<Subject> {
  const [row] = await database.query<{ interactions: number }>(
    "select count(*)::integer as interactions from recommendations.order_items where product_id = $1",
    [productId],
  );
  return { interactions: row?.interactions ?? 0, location: undefined };
}
