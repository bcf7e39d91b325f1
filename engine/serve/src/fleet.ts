import { createHash } from "node:crypto";
import type { LogStreamRef, MetricDatum } from "@rondo/store";
import type { DeployedVariant, Deployment, EndpointRef } from "./deployment.ts";
import type { EndpointLog } from "./endpoint-log.ts";
import { modelError } from "./model-error.ts";
import type { HostRequest, HostResponse, ModelHost } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";
import { settleOrAbort } from "./settle-or-abort.ts";
import { VariantMeter } from "./variant-meter.ts";

/** An invocation that the model answered with a 2xx. */
export interface Invocation {
  readonly variant: string;
  readonly response: HostResponse;
}

export interface InvocationOptions {
  readonly request: HostRequest;
  /** Overrides the choice by weight. */
  readonly targetVariant?: string;
  /** When the request came in, on the fleet's timer: what was spent before the model counts as overhead. */
  readonly receivedAt: number;
}

export interface FleetDependencies {
  readonly log: EndpointLog;
  /** Milliseconds on a clock that never jumps. */
  readonly timer: { now(): number };
  /** Uniform in [0, 1): which variant answers. */
  readonly random: () => number;
}

interface LoadedVariant {
  readonly name: string;
  readonly host: ModelHost;
  readonly instanceCount: number;
  readonly logStream: LogStreamRef;
  readonly meter: VariantMeter;
  /** Frees the model's directory. */
  readonly release: () => void;
}

/** The models of one deployment, loaded: chooses a variant, asks its model, measures. Retired as a whole when the endpoint moves on. */
export class Fleet {
  readonly endpoint: EndpointRef;
  #deployment: Deployment;
  readonly #variants: readonly LoadedVariant[];
  readonly #dependencies: FleetDependencies;
  /** Where each variant's share of [0, 1) ends. */
  #shareEnds: readonly number[];
  #inFlight = 0;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(
    endpoint: EndpointRef,
    deployment: Deployment,
    hosts: readonly { readonly host: ModelHost; readonly release: () => void }[],
    dependencies: FleetDependencies,
  ) {
    this.endpoint = endpoint;
    this.#deployment = deployment;
    this.#dependencies = dependencies;
    this.#variants = deployment.variants.map((variant, index) => ({
      name: variant.name,
      instanceCount: variant.instanceCount,
      logStream: logStreamOf(endpoint, deployment, variant),
      meter: new VariantMeter(),
      ...hosts[index]!,
    }));
    this.#shareEnds = shareEnds(deployment.variants);
    for (const variant of this.#variants)
      dependencies.log.write(variant.logStream, "Model loaded; the container answers pings.");
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  hasVariant(variant: string): boolean {
    return this.#variants.some(({ name }) => name === variant);
  }

  /** Takes over the weights of the same deployment; the models stay as they are. */
  reweigh(deployment: Deployment): void {
    if (deployment.id !== this.#deployment.id) throw new Error("the weights of another deployment");
    this.#deployment = deployment;
    this.#shareEnds = shareEnds(deployment.variants);
  }

  /** Throws ServeError `VariantNotFound` and `ModelError`. */
  invoke(options: InvocationOptions): Invocation | Promise<Invocation> {
    const variant = this.#choose(options.targetVariant);
    const { timer } = this.#dependencies;
    const askedAt = timer.now();
    const { request, receivedAt } = options;
    const response = variant.host.invoke(request);
    const asked = { variant, request, receivedAt, askedAt };
    return response instanceof Promise ? this.#settle(asked, response) : this.#finish(asked, response);
  }

  /** The metrics of each variant since the last call. */
  takeMetrics(timestamp: Date): MetricDatum[] {
    return this.#variants.flatMap((variant) =>
      variant.meter.take({
        dimensions: { EndpointName: this.endpoint.name, VariantName: variant.name },
        timestamp,
        instanceCount: variant.instanceCount,
      }),
    );
  }

  /** Waits until nothing is in flight or the deadline has come, then closes the models. Traffic must have moved away before. */
  async retire(deadline: AbortSignal): Promise<void> {
    if (this.#inFlight > 0) {
      this.#drained = Promise.withResolvers();
      await settleOrAbort(this.#drained.promise, deadline).catch(() => undefined);
    }
    for (const variant of this.#variants) {
      await variant.host.close();
      variant.release();
      this.#dependencies.log.write(variant.logStream, "Model unloaded.");
    }
  }

  async #settle(asked: Asked, answer: Promise<HostResponse>): Promise<Invocation> {
    this.#inFlight += 1;
    try {
      return this.#finish(asked, await answer);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#drained?.resolve();
    }
  }

  #finish({ variant, request, receivedAt, askedAt }: Asked, response: HostResponse): Invocation {
    const modelMilliseconds = this.#dependencies.timer.now() - askedAt;
    const overheadMilliseconds = askedAt - receivedAt;
    variant.meter.record(response.status, modelMilliseconds * 1000, overheadMilliseconds * 1000);
    if (response.status >= 200 && response.status < 300) return { variant: variant.name, response };
    // Neither the body nor the model's complaint, which may quote it: both may be somebody's personal text.
    const { body, contentType, inferenceId } = request;
    const about = inferenceId === undefined ? "" : ` (inference id ${inferenceId})`;
    this.#dependencies.log.write(
      variant.logStream,
      `POST /invocations ${response.status}: ${body.length} bytes of ${contentType}${about}`,
    );
    throw modelError(this.endpoint, response);
  }

  #choose(target: string | undefined): LoadedVariant {
    if (target !== undefined) {
      const variant = this.#variants.find(({ name }) => name === target);
      if (variant !== undefined) return variant;
      throw new ServeError("VariantNotFound", `Variant ${target} of endpoint ${this.endpoint.name} not found.`);
    }
    if (this.#variants.length === 1) return this.#variants[0]!;
    const point = this.#dependencies.random();
    const index = this.#shareEnds.findIndex((end) => point < end);
    return this.#variants[index] ?? this.#variants.at(-1)!;
  }
}

/** An invocation that its model is answering. */
interface Asked {
  readonly variant: LoadedVariant;
  readonly request: HostRequest;
  readonly receivedAt: number;
  readonly askedAt: number;
}

/** With every weight at 0 the variants share equally: AWS does not say what it does then, and an endpoint that is InService answers. */
function shareEnds(variants: readonly DeployedVariant[]): number[] {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let end = 0;
  return variants.map(({ weight }) => {
    end += total > 0 ? weight / total : 1 / variants.length;
    return end;
  });
}

/** SageMaker names the stream `<variant>/<instance id>`; ours is made of the deployment, so that each has a stream of its own. */
function logStreamOf(endpoint: EndpointRef, deployment: Deployment, variant: DeployedVariant): LogStreamRef {
  const digest = createHash("sha256").update(`${deployment.id}/${variant.name}`).digest("hex");
  return {
    accountId: endpoint.accountId,
    region: endpoint.region,
    group: `/aws/sagemaker/Endpoints/${endpoint.name}`,
    stream: `${variant.name}/i-${digest.slice(0, 17)}`,
  };
}
