import { type AnsweringModel, type FilterAnswer, openAnsweringModel, readModelDirectory } from "@rondo/personalize";
import type { DatasetRecords, LogWriter, MetricWriter, Owner, Resource, Resources } from "@rondo/store";
import { EndpointLog } from "../endpoint-log.ts";
import type { ModelCache } from "../model-cache.ts";
import { settleOrAbort } from "../settle-or-abort.ts";
import { Campaign, type FilterRef } from "./campaign.ts";
import { CampaignError } from "./campaign-error.ts";
import { CampaignModels } from "./campaign-models.ts";
import { DatasetGroupFeeds, type HeldFeed } from "./dataset-group-feeds.ts";
import { RecentRows } from "./recent-rows.ts";
import {
  configOf,
  isServed,
  type RowRef,
  requireServed,
  type ServedRow,
  servedFilter,
  servedRef,
} from "./served-campaign.ts";
import { ShownItems } from "./shown-items.ts";

export interface CampaignsDependencies {
  readonly resources: Pick<Resources, "find" | "onRest">;
  readonly records: Pick<DatasetRecords, "listAfter" | "listen">;
  readonly cache: Pick<ModelCache, "acquire">;
  /** Reads an unpacked model. Default: the one that trainings write. */
  readonly openModel?: (directory: string) => Promise<AnsweringModel>;
  /** Whose bucket models are in. */
  readonly modelAccountId: string;
  readonly logs: Pick<LogWriter, "append">;
  readonly metrics: MetricWriter;
  readonly clock: { now(): Date };
  readonly timer?: { now(): number };
  /** Uniform in [0, 1): exploration, places of promoted items. */
  readonly random?: () => number;
  /** Failures that no request waits for. */
  readonly onError: (error: unknown) => void;
}

/** What a request asks of a campaign or recommender. */
export interface CampaignRequest {
  readonly arn: string;
  /** Its filter, that of its promotion. */
  readonly filters: readonly (FilterRef | undefined)[];
}

export interface OpenedCampaign {
  readonly campaign: Campaign;
  /** In the order of the request's. */
  readonly filters: readonly (FilterAnswer | undefined)[];
}

interface Loaded {
  readonly campaign: Campaign;
  readonly row: ServedRow;
  readonly held: readonly Disposable[];
  readonly feed: HeldFeed["feed"];
}

/** How long the first request after a start waits for its campaign. */
const FIRST_REQUEST_TIMEOUT_MS = 30_000;
const FLUSH_INTERVAL_MS = 5000;
/** How often campaigns that nobody asks are looked after: deleted ones free their models, updated ones load theirs. */
const SWEEP_EVERY_FLUSHES = 6;

/**
 * The campaigns and recommenders of this process: their models in memory, their dataset groups' newest records, their filters. A request that finds all of it reads no
 * database and waits for nothing; what is missing is loaded, and the request that asked for it waits.
 */
export class Campaigns implements AsyncDisposable {
  /** What was shown lately; who answers tells it. */
  readonly shown = new ShownItems();
  readonly #dependencies: CampaignsDependencies;
  readonly #timer: { now(): number };
  readonly #rows: RecentRows;
  readonly #models: CampaignModels;
  readonly #feeds: DatasetGroupFeeds;
  readonly #log: EndpointLog;
  readonly #loaded = new Map<string, Loaded>();
  /** By ARN and version of the row. */
  readonly #loading = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #flushTimer: NodeJS.Timeout;
  #flushes = 0;

  constructor(dependencies: CampaignsDependencies) {
    const {
      cache,
      openModel = openModelDirectory,
      modelAccountId,
      logs,
      clock,
      timer = performance,
      onError,
    } = dependencies;
    this.#dependencies = dependencies;
    this.#timer = timer;
    this.#rows = new RecentRows({ ...dependencies, timer });
    const { signal } = this.#closing;
    this.#models = new CampaignModels({ cache, open: openModel, accountId: modelAccountId, signal });
    this.#feeds = new DatasetGroupFeeds(dependencies);
    this.#log = new EndpointLog(logs, clock);
    this.#flushTimer = setInterval(() => void this.#tend().catch(onError), FLUSH_INTERVAL_MS);
    this.#flushTimer.unref();
  }

  /**
   * Loads a model, so that a campaign's row may name it: requests go over to it without waiting. May be repeated. Rejects with ServeError `ModelNotLoadable` and
   * FormatError.
   */
  async prepare(modelUri: string, signal: AbortSignal): Promise<void> {
    await this.#models.load(modelUri, signal);
  }

  /**
   * The campaign with its filters as they are now: at once when they are in memory. Throws (or rejects with) CampaignError `NotFound`, `InvalidInput`,
   * `Unavailable`.
   */
  open(owner: Owner, request: CampaignRequest): OpenedCampaign | Promise<OpenedCampaign> {
    return this.#openNow(owner, request) ?? this.#openOnceLoaded(owner, request);
  }

  /** Loads what the row of a campaign or recommender names. Rejects as `open` does. */
  async restore(owner: Owner, arn: string, signal: AbortSignal): Promise<void> {
    await settleOrAbort(this.#loadRow(owner, arn), signal);
  }

  /** Milliseconds on a clock that never jumps: what latencies are measured by. */
  now(): number {
    return this.#timer.now();
  }

  /** Writes metrics and log lines that have come together. Runs by itself every few seconds and on `close`. */
  async flush(): Promise<void> {
    const timestamp = this.#dependencies.clock.now();
    for (const { campaign } of this.#loaded.values()) await this.#flushMetrics(campaign, timestamp);
    await this.#log.flush();
  }

  /** Forgets every campaign: after the rows were emptied. */
  async clear(): Promise<void> {
    await this.flush();
    for (const arn of this.#loaded.keys()) this.#remove(arn);
    this.#rows.clear();
  }

  async close(): Promise<void> {
    clearInterval(this.#flushTimer);
    this.#closing.abort(new Error("the server is closing"));
    await Promise.allSettled(this.#loading.values());
    await this.clear();
    this.#rows[Symbol.dispose]();
    await this.#feeds[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #openNow(owner: Owner, { arn, filters }: CampaignRequest): OpenedCampaign | undefined {
    const { type, name } = servedRef(owner, arn);
    const seen = this.#rows.peek(owner, type, name);
    // What did not answer when it was read may do so by now: a recommender that was started.
    if (seen === undefined || !isServed(seen.row)) return undefined;
    const loaded = this.#current(this.#require(seen.row, arn));
    if (loaded === undefined || loaded.feed.isBehind) return undefined;
    const { campaign } = loaded;
    const answers: (FilterAnswer | undefined)[] = [];
    for (const filter of filters) {
      const answer = filter && this.#filterNow(campaign, filter);
      if (filter !== undefined && answer === undefined) return undefined;
      answers.push(answer);
    }
    return { campaign, filters: answers };
  }

  #filterNow(campaign: Campaign, filter: FilterRef): FilterAnswer | undefined {
    const { type, name } = servedRef(campaign.owner, filter.arn, "filter");
    const seen = this.#rows.peek(campaign.owner, type, name);
    // What was not there when it was asked for may have been made since.
    if (seen?.row === undefined) return undefined;
    const { filterExpression } = servedFilter(seen.row, filter.arn, campaign.datasetGroupArn);
    return campaign.openFilter(filterExpression, filter.values);
  }

  async #openOnceLoaded(owner: Owner, request: CampaignRequest): Promise<OpenedCampaign> {
    const deadline = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(FIRST_REQUEST_TIMEOUT_MS)]);
    try {
      const refs = request.filters.flatMap((filter) =>
        filter === undefined ? [] : [servedRef(owner, filter.arn, "filter")],
      );
      const reading = refs.map(async (ref) => await this.#recentRow(ref, () => true));
      await settleOrAbort(Promise.all([this.#loadRow(owner, request.arn), ...reading]), deadline);
      await settleOrAbort(this.#loaded.get(request.arn)?.feed.caughtUp() ?? Promise.resolve(), deadline);
    } catch (error) {
      throw unavailable(request.arn, error);
    }
    this.#requireFilters(owner, request);
    const opened = this.#openNow(owner, request);
    // Records come faster than they are read, or the row changed again: what is here is what there is to answer with.
    return opened ?? this.#openBehind(owner, request);
  }

  /** Throws CampaignError for a filter that is not there, or of another dataset group. */
  #requireFilters(owner: Owner, { arn, filters }: CampaignRequest): void {
    const campaign = this.#loaded.get(arn)?.campaign;
    for (const filter of filters) {
      if (filter === undefined || campaign === undefined) continue;
      const { type, name } = servedRef(owner, filter.arn, "filter");
      servedFilter(this.#rows.peek(owner, type, name)?.row, filter.arn, campaign.datasetGroupArn);
    }
  }

  /** Answers with what is in memory, although more is known to have come. */
  #openBehind(owner: Owner, { arn, filters }: CampaignRequest): OpenedCampaign {
    const campaign = this.#loaded.get(arn)?.campaign;
    const answers = campaign && filters.map((filter) => filter && this.#filterNow(campaign, filter));
    const isComplete = answers?.every((answer, index) => (answer === undefined) === (filters[index] === undefined));
    if (campaign !== undefined && answers !== undefined && isComplete === true) return { campaign, filters: answers };
    throw unavailable(arn, new Error(`account ${owner.accountId} changed it meanwhile`));
  }

  async #loadRow(owner: Owner, arn: string): Promise<void> {
    const isEnough = (row: Resource): boolean => isServed(row) && this.#loaded.has(row.arn);
    const row = this.#require(await this.#recentRow(servedRef(owner, arn), isEnough), arn);
    if (this.#current(row) === undefined) await this.#load(row);
  }

  /** The row as it was lately where that will do: while records come all the time, requests wait for them and not for rows as well. */
  async #recentRow({ owner, type, name }: RowRef, isEnough: (row: Resource) => boolean): Promise<Resource | undefined> {
    const row = this.#rows.peek(owner, type, name)?.row;
    return row !== undefined && isEnough(row) ? row : await this.#rows.read(owner, type, name);
  }

  /** The row of what answers; what was in memory of another one goes. */
  #require(row: Resource | undefined, arn: string): ServedRow {
    try {
      return requireServed(row, arn);
    } catch (error) {
      this.#remove(arn);
      throw error;
    }
  }

  /** What is in memory for a row. After an update the former model answers until the new one is there. */
  #current(row: ServedRow): Loaded | undefined {
    const loaded = this.#loaded.get(row.arn);
    if (loaded?.row.id !== row.id || loaded.row.version >= row.version) {
      return loaded?.row.id === row.id ? loaded : undefined;
    }
    const { modelUri } = row.body.live;
    const model = this.#models.peek(modelUri);
    const feed = model && this.#feeds.peek(row.body.datasetGroupArn, model.trained.eventsUpTo);
    if (model !== undefined && feed !== undefined) return this.#put(row, model, feed);
    this.#load(row).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#dependencies.onError(error);
    });
    return loaded;
  }

  /** One loading at a time for each version of a row. */
  #load(row: ServedRow): Promise<void> {
    const key = `${row.arn} ${row.id} ${row.version}`;
    const running = this.#loading.get(key);
    if (running !== undefined) return running;
    const work = this.#loadParts(row).finally(() => this.#loading.delete(key));
    this.#loading.set(key, work);
    return work;
  }

  async #loadParts(row: ServedRow): Promise<void> {
    const { live, datasetGroupArn } = row.body;
    const model = await this.#models.load(live.modelUri, this.#closing.signal);
    const feed = await this.#feeds.open(datasetGroupArn, model.trained.eventsUpTo);
    const loaded = this.#loaded.get(row.arn);
    // A newer version, or the campaign that took the name, was faster.
    if (loaded !== undefined && (loaded.row.id > row.id || loaded.row.version > row.version)) feed[Symbol.dispose]();
    else this.#put(row, model, feed);
  }

  #put(row: ServedRow, model: AnsweringModel, feed: HeldFeed): Loaded {
    const { arn, body } = row;
    const { random = Math.random } = this.#dependencies;
    const former = this.#loaded.get(arn);
    const campaign = new Campaign({
      arn,
      ref: servedRef(row, arn),
      datasetGroupArn: body.datasetGroupArn,
      model,
      live: model.recipe.type === "PERSONALIZED_ACTIONS" ? feed.feed.live.ofActions : feed.feed.live.ofItems,
      config: configOf(body),
      random,
      log: this.#log,
      meter: former?.campaign.meter,
    });
    const loaded = { campaign, row, feed: feed.feed, held: [this.#models.hold(body.live.modelUri), feed] };
    this.#loaded.set(arn, loaded);
    for (const held of former?.held ?? []) held[Symbol.dispose]();
    return loaded;
  }

  #remove(arn: string): void {
    const loaded = this.#loaded.get(arn);
    this.#loaded.delete(arn);
    for (const held of loaded?.held ?? []) held[Symbol.dispose]();
  }

  async #tend(): Promise<void> {
    await this.flush();
    this.#flushes += 1;
    if (this.#flushes % SWEEP_EVERY_FLUSHES !== 0) return;
    for (const { campaign } of this.#loaded.values()) {
      await this.#loadRow(campaign.owner, campaign.arn).catch((error: unknown) => {
        // A campaign that was deleted is gone with it.
        if (!(error instanceof CampaignError) || error.code !== "NotFound") throw error;
      });
    }
  }

  async #flushMetrics(campaign: Campaign, timestamp: Date): Promise<void> {
    const name = campaign.arn.includes(":recommender/") ? "RecommenderArn" : "CampaignArn";
    const metrics = campaign.meter.take({ [name]: campaign.arn }, timestamp);
    if (metrics.length > 0) await this.#dependencies.metrics.put(campaign.owner, "AWS/Personalize", metrics);
  }
}

async function openModelDirectory(directory: string): Promise<AnsweringModel> {
  return await openAnsweringModel(await readModelDirectory(directory));
}

function unavailable(arn: string, cause: unknown): CampaignError {
  if (cause instanceof CampaignError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CampaignError("Unavailable", `${arn} is being loaded: ${reason}`, { cause });
}
