import type { LogWriter, MetricWriter, Owner, Resources } from "@rondo/store";
import { type Deployment, ENDPOINT_TYPE, type EndpointRef, type ServedEndpoint } from "./deployment.ts";
import { EndpointLog } from "./endpoint-log.ts";
import { Fleet, type FleetDependencies, type Invocation, type InvocationOptions } from "./fleet.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import { loadHosts } from "./load-hosts.ts";
import type { ModelCache } from "./model-cache.ts";
import type { ModelHosting } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";
import { settleOrAbort } from "./settle-or-abort.ts";
import { fleetsOf, type Route, SplitFleet } from "./split-fleet.ts";

/** SageMaker gives a container 4 minutes to answer its first ping (ContainerStartupHealthCheckTimeoutInSeconds). */
const START_TIMEOUT_MS = 240_000;
/** How long the first request after a start waits for its endpoint: below the 60 s that clients wait for an answer. */
const FIRST_REQUEST_TIMEOUT_MS = 30_000;
/** An invocation may take 60 s; a fleet that is not drained by then is closed all the same. */
const DRAIN_TIMEOUT_MS = 60_000;
const FLUSH_INTERVAL_MS = 5_000;

export interface ServingDependencies {
  readonly resources: Pick<Resources, "find">;
  readonly cache: ModelCache;
  /** In order of preference. */
  readonly hostings: readonly ModelHosting[];
  readonly logs: Pick<LogWriter, "append">;
  readonly metrics: MetricWriter;
  readonly clock: { now(): Date };
  readonly timer?: { now(): number };
  /** Uniform in [0, 1): chooses variants by weight. */
  readonly random?: () => number;
  /** Failures that no request waits for: a flush, the draining of a fleet. */
  readonly onError: (error: unknown) => void;
}

/** How a roll-out divides an endpoint's requests. */
export interface TrafficSplit {
  readonly outgoing: Deployment;
  readonly incoming: Deployment;
  /** Of the requests, what goes to `incoming`: 0 … 1. */
  readonly share: number;
}

/**
 * The endpoints of this process: which fleet answers which name. A snapshot in memory, made from the endpoints' rows, so that an invocation
 * reads no database. Rows change through the control loop, which calls `deploy`, `split` and `remove`; an endpoint that is not in memory (after a
 * restart) is loaded from its row, and the request that asked for it waits.
 */
export class Serving implements AsyncDisposable {
  readonly #dependencies: ServingDependencies;
  readonly #fleetDependencies: FleetDependencies;
  readonly #log: EndpointLog;
  readonly #routes = new Map<string, Route>();
  readonly #retiring = new Set<Promise<void>>();
  /** Fleets come and go one after the other for each endpoint, so that a late restore never overtakes an update. */
  readonly #changes = new KeyedQueue();
  readonly #closing = new AbortController();
  readonly #flushTimer: NodeJS.Timeout;

  constructor(dependencies: ServingDependencies) {
    this.#dependencies = dependencies;
    this.#log = new EndpointLog(dependencies.logs, dependencies.clock);
    this.#fleetDependencies = {
      log: this.#log,
      timer: dependencies.timer ?? performance,
      random: dependencies.random ?? Math.random,
    };
    this.#flushTimer = setInterval(() => void this.flush().catch(dependencies.onError), FLUSH_INTERVAL_MS);
    this.#flushTimer.unref();
  }

  /**
   * Loads the deployment, and once all of its models answer, moves the endpoint's traffic to them in one step; the fleet before is drained and
   * closed. Throws ServeError `ModelNotLoadable`, and then nothing has changed. With the id of the running deployment only the weights are
   * taken over. Returns the deployment with what was learned while loading (ETags): what to keep in the row.
   */
  deploy(endpoint: EndpointRef, deployment: Deployment, signal: AbortSignal): Promise<Deployment> {
    return this.#changes.run(keyOf(endpoint, endpoint.name), () => this.#deploy(endpoint, deployment, signal));
  }

  /**
   * Keeps two deployments loaded and lets the second one answer `share` of the requests (0 … 1); what was loaded already stays as it is, so that
   * changing the share or going back with `deploy` takes no time. Throws ServeError `ModelNotLoadable`, and then nothing has changed. Returns the
   * incoming deployment with what was learned while loading.
   */
  split(endpoint: EndpointRef, traffic: TrafficSplit, signal: AbortSignal): Promise<Deployment> {
    return this.#changes.run(keyOf(endpoint, endpoint.name), () => this.#split(endpoint, traffic, signal));
  }

  /** Takes the endpoint out of traffic, drains and closes it. Nothing happens when it is not loaded. */
  remove(endpoint: EndpointRef): Promise<void> {
    return this.#changes.run(keyOf(endpoint, endpoint.name), async () => this.#remove(endpoint));
  }

  /** The endpoints in memory. */
  loaded(): EndpointRef[] {
    return [...this.#routes.values()].map(({ endpoint }) => endpoint);
  }

  /**
   * Answers at once when the endpoint is loaded and its model synchronous. Throws (or rejects with) ServeError `EndpointNotFound`,
   * `VariantNotFound`, `ModelError`, `ServiceUnavailable`.
   */
  invoke(owner: Owner, name: string, options: InvocationOptions): Invocation | Promise<Invocation> {
    const route = this.#routes.get(keyOf(owner, name));
    return route === undefined ? this.#invokeOnceLoaded(owner, name, options) : route.invoke(options);
  }

  /** Milliseconds on the timer that `receivedAt` is read from. */
  now(): number {
    return this.#fleetDependencies.timer.now();
  }

  /** Loads an endpoint from its row unless it is loaded. Throws ServeError `EndpointNotFound` and `ModelNotLoadable`. */
  restore(endpoint: EndpointRef, signal: AbortSignal): Promise<void> {
    const key = keyOf(endpoint, endpoint.name);
    return this.#changes.run(key, async () => {
      if (this.#routes.has(key)) return;
      const row = await this.#readRow(endpoint);
      if (row.deployed === undefined) throw endpointNotFound(endpoint, row.status);
      try {
        await this.#follow(endpoint, { ...row, deployed: row.deployed }, signal);
      } catch (error) {
        // In the middle of a roll-out the deployment before still answers; the control loop finds out about the other one and rolls back.
        if (!(error instanceof ServeError) || row.targetShare === undefined) throw error;
        await this.#deploy(endpoint, row.deployed, signal);
      }
    });
  }

  /** Makes a loaded endpoint what its row says; one that is not loaded waits for its first request. Throws ServeError `ModelNotLoadable`. */
  refresh(endpoint: EndpointRef, signal: AbortSignal): Promise<void> {
    const key = keyOf(endpoint, endpoint.name);
    return this.#changes.run(key, async () => {
      const running = this.#routes.get(key);
      if (running === undefined) return;
      const row = await this.#readRow(endpoint);
      const { deployed, target } = row;
      // This process is ahead of the row: its control loop has moved all traffic and will say so.
      const isAhead = running instanceof Fleet && running.deployment.id === target?.id && deployed?.id !== target.id;
      if (isAhead) return;
      if (deployed === undefined) this.#remove(endpoint);
      else await this.#follow(endpoint, { ...row, deployed }, signal);
    });
  }

  /** Writes metrics and log lines that have come together. Runs by itself every few seconds and on `close`. */
  async flush(): Promise<void> {
    const timestamp = this.#dependencies.clock.now();
    for (const fleet of this.#loadedFleets()) await this.#flushMetrics(fleet, timestamp);
    await this.#log.flush();
  }

  /** Takes every endpoint out of traffic: after the rows were emptied. */
  async clear(): Promise<void> {
    for (const fleet of this.#loadedFleets()) this.#retire(fleet);
    this.#routes.clear();
    await Promise.all(this.#retiring);
  }

  async close(): Promise<void> {
    clearInterval(this.#flushTimer);
    this.#closing.abort(new Error("the server is closing"));
    await this.clear();
    await this.#log.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #deploy(endpoint: EndpointRef, deployment: Deployment, signal: AbortSignal): Promise<Deployment> {
    const fleet = await this.#loadedFleet(endpoint, deployment, signal);
    fleet.reweigh({ ...fleet.deployment, variants: withWeights(fleet.deployment, deployment) });
    this.#route(endpoint, fleet);
    return fleet.deployment;
  }

  async #split(endpoint: EndpointRef, traffic: TrafficSplit, signal: AbortSignal): Promise<Deployment> {
    const outgoing = await this.#loadedFleet(endpoint, traffic.outgoing, signal);
    try {
      const incoming = await this.#loadedFleet(endpoint, traffic.incoming, signal);
      this.#route(endpoint, new SplitFleet({ outgoing, incoming }, traffic.share, this.#fleetDependencies.random));
      return incoming.deployment;
    } catch (error) {
      if (!fleetsOf(this.#routes.get(keyOf(endpoint, endpoint.name))).includes(outgoing)) this.#retire(outgoing);
      throw error;
    }
  }

  /** Makes the endpoint what its row says. */
  async #follow(
    endpoint: EndpointRef,
    { deployed, target, targetShare }: ServedEndpoint & { readonly deployed: Deployment },
    signal: AbortSignal,
  ): Promise<void> {
    if (target === undefined || targetShare === undefined) await this.#deploy(endpoint, deployed, signal);
    else await this.#split(endpoint, { outgoing: deployed, incoming: target, share: targetShare }, signal);
  }

  /** The fleet that serves the deployment already, or a new one that gets no traffic yet. */
  async #loadedFleet(endpoint: EndpointRef, deployment: Deployment, signal: AbortSignal): Promise<Fleet> {
    const running = fleetsOf(this.#routes.get(keyOf(endpoint, endpoint.name)));
    return (
      running.find((fleet) => fleet.deployment.id === deployment.id) ?? (await this.#load(endpoint, deployment, signal))
    );
  }

  /** Moves the traffic in one step, and drains and closes what has no part in it any more. */
  #route(endpoint: EndpointRef, route: Route): void {
    const key = keyOf(endpoint, endpoint.name);
    const before = fleetsOf(this.#routes.get(key));
    this.#routes.set(key, route);
    const loaded = fleetsOf(route);
    for (const fleet of before) if (!loaded.includes(fleet)) this.#retire(fleet);
  }

  #remove(endpoint: EndpointRef): void {
    const key = keyOf(endpoint, endpoint.name);
    const fleets = fleetsOf(this.#routes.get(key));
    this.#routes.delete(key);
    for (const fleet of fleets) this.#retire(fleet);
  }

  #loadedFleets(): Fleet[] {
    return [...this.#routes.values()].flatMap((route) => fleetsOf(route));
  }

  /** What the endpoint's row lets answer. */
  async #readRow(endpoint: EndpointRef): Promise<ServedEndpoint & { readonly status?: string }> {
    const row = await this.#dependencies.resources.find<ServedEndpoint>(endpoint, ENDPOINT_TYPE, endpoint.name);
    const isGone = row === undefined || row.status === "Deleting" || row.status === "Failed";
    if (isGone) return { status: row?.status };
    const { deployed, target, targetShare } = row.body;
    return { status: row.status, deployed, target, targetShare };
  }

  async #load(endpoint: EndpointRef, deployment: Deployment, signal: AbortSignal): Promise<Fleet> {
    const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
    const bounded = AbortSignal.any([signal, this.#closing.signal, timeout]);
    try {
      const loaded = await loadHosts(endpoint, deployment, { ...this.#dependencies, signal: bounded });
      return new Fleet(endpoint, loaded.deployment, loaded.hosts, this.#fleetDependencies);
    } catch (error) {
      if (!timeout.aborted) throw error;
      const seconds = START_TIMEOUT_MS / 1000;
      throw new ServeError("ModelNotLoadable", `The models were not loaded within ${seconds} s.`, { cause: error });
    }
  }

  async #invokeOnceLoaded(owner: Owner, name: string, options: InvocationOptions): Promise<Invocation> {
    const endpoint = { accountId: owner.accountId, region: owner.region, name };
    const deadline = AbortSignal.timeout(FIRST_REQUEST_TIMEOUT_MS);
    try {
      await settleOrAbort(this.restore(endpoint, this.#closing.signal), deadline);
    } catch (error) {
      if (error instanceof ServeError && error.code === "EndpointNotFound") throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ServeError("ServiceUnavailable", `Endpoint ${name} is being loaded: ${reason}`, { cause: error });
    }
    const route = this.#routes.get(keyOf(owner, name));
    if (route === undefined) throw endpointNotFound(endpoint, undefined);
    return route.invoke(options);
  }

  #retire(fleet: Fleet): void {
    const work = fleet
      .retire(AbortSignal.timeout(DRAIN_TIMEOUT_MS))
      .then(() => this.#flushMetrics(fleet, this.#dependencies.clock.now()))
      .catch(this.#dependencies.onError)
      .finally(() => this.#retiring.delete(work));
    this.#retiring.add(work);
  }

  async #flushMetrics(fleet: Fleet, timestamp: Date): Promise<void> {
    const metrics = fleet.takeMetrics(timestamp);
    if (metrics.length > 0) await this.#dependencies.metrics.put(fleet.endpoint, "AWS/SageMaker", metrics);
  }
}

function keyOf(owner: Owner, name: string): string {
  return `${owner.accountId}/${owner.region}/${name}`;
}

function withWeights(running: Deployment, wanted: Deployment): Deployment["variants"] {
  return running.variants.map((variant, index) => {
    const { weight, instanceCount } = wanted.variants[index] ?? variant;
    return { ...variant, weight, instanceCount };
  });
}

/** The text before the full stop is AWS's, also for an endpoint that is not ready. */
function endpointNotFound(endpoint: EndpointRef, status: string | undefined): ServeError {
  const text = `Endpoint ${endpoint.name} of account ${endpoint.accountId} not found.`;
  const hint = status === undefined ? "" : ` It is ${status}; it answers once DescribeEndpoint says InService.`;
  return new ServeError("EndpointNotFound", text + hint);
}
