import { batchRun } from "./answers/batch-run.ts";
import { createCacheWarmer } from "./answers/warm-cache.ts";
import { recommendationsApi } from "./api/recommendations-api.ts";
import { type ContextOptions, type OpenContext, openContext } from "./application-context.ts";
import { startOrderPull } from "./company-api/pull-orders.ts";
import { startEventDispatcher } from "./events/event-dispatcher.ts";
import { createAnswerMeter } from "./monitoring/answer-meter.ts";
import { createExposureLog } from "./monitoring/exposure-log.ts";
import { qualityRun } from "./quality/quality-run.ts";
import { startRunner } from "./runs/runner.ts";
import { sampleRun } from "./sample/sample-run.ts";
import { readSettings } from "./settings.ts";
import { syncService } from "./sync-service/sync-service.ts";
import { trainingRun, updateRun } from "./training/training-run.ts";
import { type RunningWebService, startWebService } from "./web/create-web-service.ts";

export interface RecommendationsOptions extends ContextOptions {
  /** The settings (DEPLOYMENT.md). Default: none is set. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Of the sync service; the API takes the port after it. Default 8010; 0 takes free ones. */
  readonly port?: number;
  /** Default 127.0.0.1: both are for this machine. */
  readonly host?: string;
}

/** The running application. What it loads, trains and computes goes on in the background; the API answers meanwhile with what there is. */
export interface Recommendations extends AsyncDisposable {
  /** Of the API and the shop's page: `http://127.0.0.1:8011`. */
  readonly url: string;
  readonly syncUrl: string;
  close(): Promise<void>;
}

/**
 * Starts both services and the work in the background: the sample into an empty database, training, filling the cache, looking at quality, sending events.
 *
 * @example
 * ```ts
 * import { startRecommendations } from "@rondo/recommendations";
 * const environment = { RECOMMENDATIONS_DATABASE_URL: "postgres://shop@127.0.0.1/shop" };
 * await using shop = await startRecommendations({ environment, clientConfig: { endpoint: "http://127.0.0.1:4700" } });
 * console.log(await fetch(`${shop.url}/recommendations/users/12680`));
 * ```
 */
export async function startRecommendations(options: RecommendationsOptions = {}): Promise<Recommendations> {
  const { environment = {}, port = 8010, host = "127.0.0.1", ...contextOptions } = options;
  const context = await openContext(readSettings(environment), contextOptions);
  const parts = startParts(context);
  const services: RunningWebService[] = [];
  const pulls: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(pulls.map((pull) => pull[Symbol.asyncDispose]()));
    await Promise.all(services.map((service) => service.close()));
    await parts.close();
    await context[Symbol.asyncDispose]();
  };
  try {
    const portSetting =
      "--recommendations-port of `rondo start` (the sync service takes that port, the API the one after it)";
    const sync = await startWebService(syncService(context, parts.dispatcher), { host, port, portSetting });
    services.push(sync);
    const own = port === 0 ? 0 : port + 1;
    const api = await startWebService(recommendationsApi({ context, ...parts }), { host, port: own, portSetting });
    services.push(api);
    const { companyApiUrl: companyUrl, companyApiSeconds } = context.settings;
    if (companyUrl !== undefined) {
      pulls.push(startOrderPull(context, { companyUrl, syncUrl: sync.url, everyMs: companyApiSeconds * 1_000 }));
    }
    return { url: api.url, syncUrl: sync.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startParts(context: OpenContext) {
  const meter = createAnswerMeter(context);
  const exposures = createExposureLog(context);
  const warmer = createCacheWarmer(context);
  const dispatcher = startEventDispatcher({ ...context, onSent: warmer.warm });
  const runner = startRunner(context, [
    sampleRun(context),
    trainingRun(context),
    updateRun(context),
    batchRun(context),
    qualityRun(context),
  ]);
  return {
    meter,
    exposures,
    dispatcher,
    runner,
    async close() {
      await Promise.all([runner.close(), dispatcher.close()]);
      warmer[Symbol.dispose]();
      await Promise.all([meter.close(), exposures.close()]);
    },
  };
}
