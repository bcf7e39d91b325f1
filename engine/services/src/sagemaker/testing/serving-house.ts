import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  type DeploymentConfig,
  DescribeEndpointCommand,
  type DescribeEndpointOutput,
  DescribeModelCommand,
  SageMakerClient,
  type Tag,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { createControlLoop, type ResourceKind } from "@rondo/control";
import type { BuiltInImage } from "@rondo/images";
import { createInProcessHosting, followEndpoints, ModelCache, Serving } from "@rondo/serve";
import {
  COUNTING_IMAGE_URI,
  countingModel,
  findCountingImage,
  seededRandom,
  temporaryDirectory,
} from "@rondo/serve/testing";
import {
  type Clock,
  createDiskBodies,
  createLogs,
  createMetrics,
  createObjects,
  createResources,
  type Logs,
  type Metrics,
  type Objects,
  type Resources,
  type Sql,
  silentLogger,
  systemClock,
} from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { createWireServer } from "@rondo/wire";
import { createInvokeEndpointRoute } from "../../sagemaker-runtime/invoke-endpoint-route.ts";
import { createSageMakerRuntimeService } from "../../sagemaker-runtime/sagemaker-runtime.ts";
import { createEndpointKind } from "../endpoint-kind.ts";
import { restoreEndpoints } from "../restore-endpoints.ts";
import { createSageMakerService } from "../sagemaker.ts";

const accountId = "111122223333";
const region = "eu-west-1";
const key = { accessKeyId: "AKIDSERVING", secretAccessKey: "serving-secret" };
const arn = `arn:aws:iam::${accountId}:user/serving`;
const DEADLINE_MS = 20_000;

export interface HouseOptions {
  /** Which way InvokeEndpoint goes. Default direct, as in the product. */
  readonly path?: "direct" | "schemas";
  /** Default: the counting image only. */
  readonly findImage?: (uri: string) => BuiltInImage | undefined;
  /** What rows and the control loop go by; requests are signed by the system's clock in any case. Default: the system's. */
  readonly clock?: Clock;
  /** What latencies are measured by. Default: the process's. */
  readonly timer?: { now(): number };
  /** What changes by itself besides endpoints. */
  readonly kinds?: (store: HouseStore) => ResourceKind<object>[];
}

export interface HouseStore {
  readonly options: HouseOptions;
  readonly home: Awaited<ReturnType<typeof temporaryDirectory>>;
  readonly sql: Sql;
  readonly resources: Resources;
  readonly objects: Objects;
  readonly logs: Logs;
  readonly metrics: Metrics;
}

type Process = Awaited<ReturnType<typeof startProcess>>;

/** A server that serves endpoints, on a free port: real database, objects and control loop, and the counting image. */
export async function startServingHouse(options: HouseOptions = {}): Promise<ServingHouse> {
  const home = await temporaryDirectory();
  const sql = await openTestSql();
  const clock = options.clock ?? systemClock;
  const bodies = createDiskBodies({ directory: path.join(home.path, "objects") });
  const objects = createObjects({ sql, clock, bodies });
  const resources = createResources({ sql, clock });
  const logs = createLogs({ sql, clock });
  const metrics = createMetrics({ sql, clock });
  await objects.createBucket({ accountId, bucket: "models", region });
  for (const answer of ["one", "two", "unloadable"]) {
    await objects.put({ accountId, bucket: "models" }, `${answer}.tar.gz`, await countingModel(answer));
  }
  const store: HouseStore = { home, sql, resources, objects, logs, metrics, options };
  return new ServingHouse(store, await startProcess(store));
}

function createServing({ home, resources, objects, logs, metrics, options }: HouseStore, directory: string): Serving {
  const clock = options.clock ?? systemClock;
  const cache = new ModelCache({ directory: path.join(home.path, directory), objects, clock });
  const hostings = [createInProcessHosting(options.findImage ?? findCountingImage)];
  const onError = (error: unknown) => assert.fail(String(error));
  return new Serving({
    resources,
    cache,
    hostings,
    logs,
    metrics,
    clock,
    timer: options.timer,
    random: seededRandom(1),
    onError,
  });
}

/** What a restart replaces: everything that is in memory only. */
async function startProcess(store: HouseStore) {
  const { sql, resources, objects, options } = store;
  const clock = options.clock ?? systemClock;
  const serving = createServing(store, "models");
  const wire = createWireServer({
    services: [createSageMakerService({ sql, resources, objects, clock }), createSageMakerRuntimeService({ serving })],
    directRoutes: options.path === "schemas" ? [] : [createInvokeEndpointRoute(serving)],
    credentials: { find: (id) => (id === key.accessKeyId ? { ...key, accountId, arn } : undefined) },
    clock: systemClock,
    logger: silentLogger,
  });
  const { url } = await wire.listen({ host: "127.0.0.1", port: 0 });
  const endpoints = createEndpointKind({ sql, resources, serving, clock }) as ResourceKind<object>;
  const loop = createControlLoop({ resources, kinds: [endpoints, ...(options.kinds?.(store) ?? [])], clock });
  await loop.start();
  await restoreEndpoints({ sql, resources, serving }, AbortSignal.timeout(DEADLINE_MS));
  const client = { endpoint: url, region, credentials: key, maxAttempts: 1 };
  return {
    client,
    loop,
    serving,
    sagemaker: new SageMakerClient(client),
    runtime: new SageMakerRuntimeClient(client),
    async close() {
      await wire.close(1000);
      await loop.stop();
      await serving.close();
    },
  };
}

/** The house's operations, as short as tests want them. */
export class ServingHouse implements AsyncDisposable {
  readonly accountId = accountId;
  readonly region = region;
  readonly store: HouseStore;
  #process: Process;

  constructor(store: HouseStore, process: Process) {
    this.store = store;
    this.#process = process;
  }

  get sagemaker(): SageMakerClient {
    return this.#process.sagemaker;
  }

  get runtime(): SageMakerRuntimeClient {
    return this.#process.runtime;
  }

  get serving(): Serving {
    return this.#process.serving;
  }

  /** Waits until the control loop has done what is due by now. */
  async reconciled(): Promise<void> {
    await this.#process.loop.idle();
  }

  runtimeIn(otherRegion: string): SageMakerRuntimeClient {
    return new SageMakerRuntimeClient({ ...this.#process.client, region: otherRegion });
  }

  async restart(): Promise<void> {
    await this.#process.close();
    this.#process = await startProcess(this.store);
  }

  /** Another process that serves from the same database. */
  async startFollower() {
    const serving = createServing(this.store, "models-of-the-follower");
    const onError = (error: unknown) => assert.fail(String(error));
    const following = await followEndpoints({ sql: this.store.sql, serving, onError });
    return {
      async ask(name: string, text: string): Promise<string> {
        const request = { body: Buffer.from(text), contentType: "text/plain", accept: "*/*" };
        const { response } = await serving.invoke({ accountId, region }, name, { request, receivedAt: serving.now() });
        return String(response.body);
      },
      async [Symbol.asyncDispose]() {
        await following[Symbol.asyncDispose]();
        await serving.close();
      },
    };
  }

  async createModel(name: string, answer: string, image = COUNTING_IMAGE_URI) {
    const container = {
      Image: image,
      ModelDataUrl: `s3://models/${answer}.tar.gz`,
      Environment: { KEY: "value" },
    };
    return await this.sagemaker.send(new CreateModelCommand({ ModelName: name, PrimaryContainer: container }));
  }

  /** `models` by variant. */
  async createConfig(name: string, models: Readonly<Record<string, string>>) {
    const instances = { InitialInstanceCount: 1, InstanceType: "ml.m5.large" as const };
    const variants = Object.entries(models).map(([VariantName, ModelName]) => ({
      VariantName,
      ModelName,
      ...instances,
    }));
    const command = new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: variants });
    return await this.sagemaker.send(command);
  }

  /** An endpoint of one variant `AllTraffic`, whose model and configuration are called `<endpoint>-<answer>`. */
  async createEndpoint(name: string, answer: string, Tags?: Tag[]): Promise<void> {
    await this.createEndpointOf(name, await this.#createConfigFor(name, answer), Tags);
  }

  async createEndpointOf(name: string, config: string, Tags?: Tag[]): Promise<void> {
    await this.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: config, Tags }));
  }

  /** Updates an endpoint to another model and waits for the outcome. */
  async update(name: string, answer: string): Promise<DescribeEndpointOutput> {
    await this.startUpdate(name, answer);
    return await this.settled(name);
  }

  async startUpdate(name: string, answer: string, DeploymentConfig?: DeploymentConfig): Promise<void> {
    await this.startUpdateTo(name, await this.#createConfigFor(name, answer), DeploymentConfig);
  }

  async startUpdateTo(name: string, EndpointConfigName: string, DeploymentConfig?: DeploymentConfig): Promise<void> {
    await this.sagemaker.send(new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName, DeploymentConfig }));
  }

  async describeEndpoint(name: string): Promise<DescribeEndpointOutput> {
    return await this.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
  }

  /** An alarm as CloudWatch's operations leave it in the table, or its next state. */
  async setAlarm(name: string, status: "OK" | "ALARM"): Promise<void> {
    const { resources } = this.store;
    const type = "cloudwatch/alarm";
    const existing = await resources.find({ accountId, region }, type, name);
    const arn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
    if (existing === undefined) await resources.insert({ accountId, region, type, name, arn, status, body: {} });
    else await resources.update(existing, { status });
  }

  async inService(name: string): Promise<void> {
    const endpoint = await this.settled(name);
    assert.equal(endpoint.EndpointStatus, "InService", endpoint.FailureReason);
  }

  /** Waits until the endpoint is InService or Failed. */
  async settled(name: string): Promise<DescribeEndpointOutput> {
    for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await delay(10)) {
      const endpoint = await this.describeEndpoint(name);
      if (endpoint.EndpointStatus === "InService" || endpoint.EndpointStatus === "Failed") return endpoint;
    }
    throw new Error(`endpoint ${name} did not settle within ${DEADLINE_MS} ms`);
  }

  async ask(name: string, text: string): Promise<string> {
    const command = new InvokeEndpointCommand({
      EndpointName: name,
      ContentType: "text/plain",
      Body: Buffer.from(text),
    });
    return Buffer.from((await this.runtime.send(command)).Body ?? []).toString();
  }

  /** Sums of the endpoint's metrics, by metric name. */
  async metricSums(endpoint: string, variant: string): Promise<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>();
    const dimensions = { EndpointName: endpoint, VariantName: variant };
    for (const name of [
      "Invocations",
      "Invocation4XXErrors",
      "Invocation5XXErrors",
      "ModelLatency",
      "OverheadLatency",
    ]) {
      const metric = { accountId, region, namespace: "AWS/SageMaker", name, dimensions };
      const seriesId = await this.store.metrics.findSeries(metric);
      if (seriesId === undefined) continue;
      const range = { from: 0, to: 2 ** 33, period: 60, origin: 0, separateUnits: false, percentiles: [], limit: 100 };
      const periods = await this.store.metrics.readStatistics({ seriesId, ...range });
      sums.set(
        name,
        periods.reduce((sum, period) => sum + period.sum, 0),
      );
    }
    return sums;
  }

  async logMessages(endpoint: string): Promise<string[]> {
    const group = `/aws/sagemaker/Endpoints/${endpoint}`;
    const page = { accountId, region, group, direction: "forward", limit: 1000, maxBytes: 1_000_000 } as const;
    return (await this.store.logs.readGroup(page)).map(({ message }) => message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.close();
    await this.store.objects.close();
    await this.store.sql.close();
    await this.store.home[Symbol.asyncDispose]();
  }

  async #createConfigFor(endpoint: string, answer: string): Promise<string> {
    const name = `${endpoint}-${answer}`;
    const isThere = await this.sagemaker.send(new DescribeModelCommand({ ModelName: name })).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      await this.createModel(name, answer);
      await this.createConfig(name, { AllTraffic: name });
    }
    return name;
  }
}
