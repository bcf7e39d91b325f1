import type { SessionOptions } from "@rondo/sdk";
import { type ApplicationContext, openContext } from "./application-context.ts";
import { type BootstrapOutcome, followBootstrap } from "./model-init-service/follow-bootstrap.ts";
import { notificationService } from "./notification-service/notification-service.ts";
import type { OnPipelineProgress } from "./pipeline/pipeline-progress.ts";
import { readSettings } from "./settings.ts";
import { SEVEN_SERVICES } from "./seven-services.ts";
import { type RunningService, type ServiceDefinition, startService } from "./web/start-service.ts";

export interface SentimentOptions {
  /** Endpoint, region and credentials of the AWS APIs; what is left out comes from the standard variables. */
  readonly clientConfig?: SessionOptions;
  /** The settings (DEPLOYMENT.md) except HOST and PORT. Default: none is set. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Of the inference service; the other six take the ports after it. Default 8000; 0 takes free ones. */
  readonly port?: number;
  readonly onProgress?: OnPipelineProgress;
  /** Ends the waiting for a first model that is under way; the next start goes on where it was. */
  readonly signal?: AbortSignal;
  readonly onFault?: (error: unknown) => void;
}

/** The running application. */
export interface Sentiment extends BootstrapOutcome, AsyncDisposable {
  /** Of the inference service: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** All seven services by name. */
  readonly services: readonly Pick<RunningService, "name" | "url">[];
  close(): Promise<void>;
}

/**
 * Starts the seven services at once, so that their ports are known to be free before minutes are spent, then whatever is missing of the first model.
 * Resolves when predictions are answered.
 *
 * @example
 * ```ts
 * import { startSentiment } from "@rondo/sentiment";
 * await using sentiment = await startSentiment({ clientConfig: { endpoint: "http://127.0.0.1:4700" }, port: 0 });
 * console.log(sentiment.url, sentiment.modelVersion);
 * ```
 */
export async function startSentiment(options: SentimentOptions = {}): Promise<Sentiment> {
  const { clientConfig, environment = {}, port = 8000, onFault, onProgress = () => undefined, signal } = options;
  const context = openContext(readSettings(environment), { clientConfig, ...(onFault !== undefined && { onFault }) });
  const running: RunningService[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((service) => service.close()));
    context[Symbol.dispose]();
  };
  try {
    await startServices(context, port, running);
    const services = SEVEN_SERVICES.map(({ name }) => ({ name, url: urlOf(running, name) }));
    const outcome = await followBootstrap(
      { modelInit: urlOf(running, "model-init-service"), evaluation: urlOf(running, "evaluation-service") },
      { onProgress, signal },
    );
    return { ...outcome, services, url: urlOf(running, "inference-service"), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The seven together are for one machine. HOST, which some shells and build tools set for ends of their own, is for a service alone. */
const LOOPBACK = "127.0.0.1";

/** First the notification service, whose address two others need. Each one is added to `running` as soon as it listens, also when another fails. */
async function startServices(context: ApplicationContext, port: number, running: RunningService[]): Promise<void> {
  const portSetting = "--sentiment-port of `rondo start` (the seven services take that port and the six after it)";
  const [first] = SEVEN_SERVICES;
  async function start(definition: ServiceDefinition, from: ApplicationContext): Promise<RunningService> {
    const own = port === 0 ? 0 : port + definition.port - first.port;
    const service = await startService(definition, from, { host: LOOPBACK, port: own, portSetting });
    running.push(service);
    return service;
  }
  const { url: notificationServiceUrl } = await start(notificationService, context);
  const settings = { ...context.settings, notificationServiceUrl };
  const others = SEVEN_SERVICES.filter((definition) => definition !== notificationService);
  const started = await Promise.allSettled(others.map((definition) => start(definition, { ...context, settings })));
  for (const outcome of started) if (outcome.status === "rejected") throw outcome.reason;
}

function urlOf(running: readonly RunningService[], name: string): string {
  const service = running.find((each) => each.name === name);
  if (service === undefined) throw new Error(`The service ${name} is not there.`);
  return service.url;
}
