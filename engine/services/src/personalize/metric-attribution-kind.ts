import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileContext, ResourceKind } from "@rondo/control";
import { readNumbers } from "@rondo/personalize";
import type { DatasetRecord, DatasetRecords, Metrics, ResourcePatch, Resources, Sql } from "@rondo/store";
import { type AttributedMetric, countAttributed, isAttributed, parseMetricAttribute } from "./attributed-metrics.ts";
import type { MetricAttribution, MetricAttributionBody } from "./metric-attribution-body.ts";
import { listPersonalize, parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import { createAnswererFinder } from "./recommendation-id.ts";
import { stageDatasets } from "./stage-datasets.ts";
import type { PersonalizeStorage } from "./storage.ts";

/** Where tests kill the server. */
export const metricAttributionCrashPoints = ["metric-attribution:begun", "metric-attribution:counted"];

export interface MetricAttributionKindDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly records: DatasetRecords;
  readonly storage: PersonalizeStorage;
  readonly metrics: Pick<Metrics, "put">;
  readonly clock: { now(): Date };
}

/** How often new events are counted; AWS's reports take 15 minutes. */
const COUNT_MS = 60_000;
/** Events that are counted at a time. */
const PAGE = 5000;

const NAMESPACE = "AWS/Personalize";

type Patch = ResourcePatch<MetricAttributionBody>;

/**
 * Metric attributions: every minute what users did since is counted into CloudWatch, by event type and source. The counts and the number up to which events have been
 * counted are written together: no event is counted twice or left out.
 */
export function createMetricAttributionKind(
  dependencies: MetricAttributionKindDependencies,
): ResourceKind<MetricAttributionBody> {
  const { sql, resources, records, metrics, clock } = dependencies;

  async function reconcile(attribution: MetricAttribution, context: ReconcileContext): Promise<Patch> {
    if (attribution.status.startsWith("DELETE")) {
      await resources.delete(attribution);
      return {};
    }
    if (attribution.status === "ACTIVE") return await count(attribution, context);
    await context.save(attribution, { status: "CREATE IN_PROGRESS" });
    context.crashPoint("metric-attribution:begun");
    return { status: "ACTIVE", due: "now" };
  }

  async function count(attribution: MetricAttribution, context: ReconcileContext): Promise<Patch> {
    const { body } = attribution;
    const name = parsePersonalizeArn(body.datasetGroupArn, "dataset-group")?.name ?? "";
    const group = await resources.find(attribution, personalizeType("dataset-group"), name);
    // The end of the group is the end of its attributions.
    if (group === undefined) return { due: null };
    const newest = await records.newest(group.id);
    const query = { groupId: group.id, after: body.countedUpTo, limit: PAGE, datasets: ["Interactions"] };
    const events = newest > body.countedUpTo ? await records.listAfter(query) : [];
    const isFull = events.length === PAGE;
    const countedUpTo = isFull ? (events.at(-1)?.number ?? newest) : newest;
    if (countedUpTo > body.countedUpTo) {
      const data = await countEvents(dependencies, { attribution, events, signal: context.signal });
      await sql.transaction(async (transaction) => {
        await metrics.put(attribution, NAMESPACE, data, transaction);
        await context.save(attribution, { body: { ...body, countedUpTo } }, transaction);
      });
      context.crashPoint("metric-attribution:counted");
    }
    return { due: isFull ? "now" : new Date(clock.now().getTime() + COUNT_MS) };
  }

  return {
    type: personalizeType("metric-attribution"),
    reconcile,
    // Only the database and the disk ever hold it up, and what it has not counted waits.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: ({ status }) => ({ status, due: null }),
  };
}

interface Counting {
  readonly attribution: MetricAttribution;
  readonly events: readonly DatasetRecord[];
  readonly signal: AbortSignal;
}

async function countEvents(dependencies: MetricAttributionKindDependencies, counting: Counting) {
  const { attribution, events } = counting;
  const { datasetGroupArn, metrics } = attribution.body;
  const attributed = metrics.map(parseMetricAttribute);
  const itemValues = await readItemValues(dependencies, attributed, counting);
  const hasRecommendations = events.some(({ content }) => typeof content.RECOMMENDATION_ID === "string");
  const answerers = hasRecommendations ? await listAnswerers(dependencies.resources, attribution) : [];
  return countAttributed(attributed, events, {
    datasetGroupArn,
    now: dependencies.clock.now(),
    answererOf: createAnswererFinder(answerers),
    itemValue: (column, itemId) => itemValues.get(column)?.get(itemId),
  });
}

/** By column and item, of the items that the events are about. */
async function readItemValues(
  dependencies: MetricAttributionKindDependencies,
  metrics: readonly AttributedMetric[],
  { attribution, events, signal }: Counting,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const values = new Map<string, ReadonlyMap<string, number>>();
  const wanted = Map.groupBy(
    metrics.filter(({ column }) => column?.dataset === "Items"),
    ({ column }) => column?.name ?? "",
  );
  const idsOf = (own: readonly AttributedMetric[]): string[] => {
    const about = events.filter((event) => own.some((metric) => isAttributed(event, metric)));
    return [...new Set(about.flatMap(({ content }) => (typeof content.ITEM_ID === "string" ? [content.ITEM_ID] : [])))];
  };
  const queries = [...wanted].map(([column, own]) => ({ type: "Items", column, ids: idsOf(own) }) as const);
  if (queries.every(({ ids }) => ids.length === 0)) return values;
  const directory = await mkdtemp(join(tmpdir(), "rondo-attribution-"));
  try {
    const { datasetGroupArn } = attribution.body;
    await stageDatasets(dependencies, { owner: attribution, datasetGroupArn, types: ["Items"], directory, signal });
    for (const query of queries) values.set(query.column, await readNumbers(directory, query, signal));
    return values;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The ARNs of all campaigns and recommenders of an account and region. */
async function listAnswerers(resources: Resources, { accountId, region }: MetricAttribution): Promise<string[]> {
  const arns: string[] = [];
  for (const type of ["campaign", "recommender"] as const) {
    for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
      const page = await listPersonalize<object>(resources, { accountId, region }, type, { nextToken });
      arns.push(...page.resources.map(({ arn }) => arn));
      nextToken = page.nextToken;
    }
  }
  return arns;
}
