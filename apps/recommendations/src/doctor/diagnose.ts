import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import { readOutbox } from "../events/outbox.ts";
import { readTrackingId } from "../events/tracking-id.ts";
import { readAnswerFigures } from "../monitoring/answer-meter.ts";
import { readCaches, readDataQuality } from "../quality/data-quality.ts";
import { listRegions } from "../regional/regional-view.ts";
import { RUN_KINDS } from "../runs/run.ts";
import { latestRun } from "../runs/run-store.ts";

/** One thing that `rondo doctor recommendations` looked at (P-44, P-45). */
export interface RecommendationsCheck {
  readonly name: string;
  readonly state: "ok" | "warning" | "error";
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
}

type DoctorContext = Pick<ApplicationContext, "database" | "settings" | "clock">;

/** An event that waits longer than that is not just on its way. */
const LATE_EVENT_MS = 60_000;
/** P-38 and P-39. */
const TARGET_P99_MS = 200;
const TARGET_HIT_RATE = 0.95;
/** Shares of the data from which on somebody should look. */
const LARGE_SHARE = 0.5;

/** Looks at everything that makes recommendations empty, few, late or wrong. Changes nothing. */
export async function diagnose(context: DoctorContext): Promise<RecommendationsCheck[]> {
  return [
    ...(await checkRuns(context)),
    ...(await checkData(context)),
    await checkEvents(context),
    await checkCampaigns(context),
    ...(await checkCaches(context)),
    await checkRegions(context),
    ...(await checkAnswers(context)),
  ];
}

/** Check Logs: what the work in the background has come to. */
async function checkRuns({ database }: DoctorContext): Promise<RecommendationsCheck[]> {
  const checks: RecommendationsCheck[] = [];
  for (const kind of RUN_KINDS) {
    const run = await latestRun(database, kind);
    if (run === undefined) continue;
    const name = `run ${kind}`;
    const detail = `${run.status} at step ${run.step}, begun ${run.started_at.toISOString()}.`;
    if (run.status === "Failed") {
      const advice = `POST /runs {"kind":"${kind}"} begins it again.`;
      checks.push({ name, state: "error", detail: `${detail} ${run.failure_reason ?? ""}`, advice });
    } else if (run.failure_reason !== null && run.status === "Running") {
      const advice = "It is tried again by itself.";
      checks.push({ name, state: "warning", detail: `${detail} ${run.failure_reason}`, advice });
    } else checks.push({ name, state: "ok", detail });
  }
  return checks;
}

/** Validate Data, Missing Products. */
async function checkData(context: DoctorContext): Promise<RecommendationsCheck[]> {
  const { lines, quarantined, coverage, freshness } = await readDataQuality(context);
  if (lines === 0) {
    const advice = "POST /orders of the sync service, or start without SAMPLE_ORDERS=none.";
    return [{ name: "orders", state: "error", detail: "There are no orders.", advice }];
  }
  const isMuchLost = quarantined / lines > LARGE_SHARE;
  const detail = `${lines - quarantined} lines to learn from, ${quarantined} in quarantine; the newest order is of ${freshness.newest_order_at?.toISOString() ?? "never"}.`;
  const asleep = coverage.products - coverage.products_bought_recently;
  return [
    isMuchLost
      ? { name: "orders", state: "warning", detail, advice: "GET /quarantine shows why lines are put aside." }
      : { name: "orders", state: "ok", detail },
    {
      name: "products",
      state: "ok",
      detail: `${coverage.products} products, ${asleep} without a purchase in 90 days; ${percent(coverage.recommended_share)} are recommended to somebody.`,
    },
  ];
}

async function checkEvents(context: DoctorContext): Promise<RecommendationsCheck> {
  const { waiting, oldest_queued_at, last_error } = await readOutbox(context.database);
  const trackingId = await readTrackingId(context);
  if (trackingId === undefined) {
    const detail = `There is no event tracker yet; ${waiting} purchase events wait.`;
    return { name: "events", state: "warning", detail, advice: "The first training makes it." };
  }
  const late = oldest_queued_at !== null && context.clock.now().getTime() - oldest_queued_at.getTime() > LATE_EVENT_MS;
  const detail = `${waiting} purchase events wait to be sent.`;
  if (!late) return { name: "events", state: "ok", detail };
  const advice = "Is Personalize in reach, and the tracker still there?";
  return { name: "events", state: "error", detail: `${detail} ${last_error ?? ""}`, advice };
}

async function checkCampaigns({ database }: DoctorContext): Promise<RecommendationsCheck> {
  const campaigns = await readFact(database, "campaigns");
  if (campaigns !== undefined) {
    return { name: "campaigns", state: "ok", detail: `Answering: ${Object.keys(campaigns).join(", ")}.` };
  }
  const detail = "Nothing is trained: what is recommended is what is popular.";
  return { name: "campaigns", state: "warning", detail, advice: 'POST /runs {"kind":"training"}, and GET /runs.' };
}

/** Empty Recommendations: is the cache filled and fresh? */
async function checkCaches(context: DoctorContext): Promise<RecommendationsCheck[]> {
  const { users, items, ttl_hours } = await readCaches(context);
  return (["users", "items"] as const).map((name) => {
    const { lists, fresh } = { users, items }[name];
    const detail = `${fresh} of ${lists} lists are younger than ${ttl_hours} hours.`;
    if (fresh > 0 && fresh >= lists / 2) return { name: `cache of ${name}`, state: "ok", detail };
    const advice = 'POST /runs {"kind":"batch"} fills it; until then answers are computed when they are asked for.';
    return { name: `cache of ${name}`, state: "warning", detail, advice };
  });
}

/** Low Match Rates: is the sample large enough for its region? */
async function checkRegions(context: DoctorContext): Promise<RecommendationsCheck> {
  const regions = await listRegions(context);
  const size = context.settings.regionSampleSize;
  const small = regions.filter(({ active_customers }) => active_customers < size);
  const detail = `${regions.length} regions; ${small.length} have fewer active customers than the ${size} that are sampled.`;
  if (regions.length === 0 || small.length < regions.length) return { name: "regions", state: "ok", detail };
  const advice = "Match rates rest on few users: look at their intervals, or set ACTIVE_DAYS higher.";
  return { name: "regions", state: "warning", detail, advice };
}

/** High Latency, Monitor Cache. */
async function checkAnswers(context: DoctorContext): Promise<RecommendationsCheck[]> {
  const since = new Date(context.clock.now().getTime() - 24 * 3_600_000);
  const figures = await readAnswerFigures(context, since);
  if (figures.answers + figures.failures === 0) {
    return [{ name: "answers", state: "ok", detail: "None in the last 24 hours." }];
  }
  const { cache_hit_rate: hitRate, cached_p99_ms: p99, failures, answers } = figures;
  const isMissed = hitRate !== null && hitRate < TARGET_HIT_RATE;
  const isSlow = p99 !== null && p99 > TARGET_P99_MS;
  return [
    {
      name: "hit rate",
      state: isMissed ? "warning" : "ok",
      detail: `${percent(hitRate)} of ${answers} answers came from the cache; ${percent(figures.saved_calls)} needed no call of Personalize.`,
      ...(isMissed && {
        advice: "New users and recent buyers are answered live. Otherwise: CACHE_TTL_HOURS, BATCH_INTERVAL_HOURS.",
      }),
    },
    {
      name: "latency",
      state: isSlow ? "warning" : "ok",
      detail: `99 % of cached answers took at most ${p99 ?? "?"} ms.`,
      ...(isSlow && { advice: "Is the database busy, or far away?" }),
    },
    {
      name: "failures",
      state: failures > 0 ? "warning" : "ok",
      detail: `${failures} of ${answers + failures} requests had no answer.`,
      ...(failures > 0 && { advice: "The log of the application has each of them." }),
    },
  ];
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(1)} %`;
}
