import type * as recommendationsModule from "@rondo/recommendations";
import type * as sentimentModule from "@rondo/sentiment";
import type * as serverModule from "@rondo/server";
import type { ApplicationName, Configuration } from "@rondo/server/configuration";
import type { Diagnosis, Engine, RunningApplication, RunningServer } from "./engine.ts";
import { createTerminalProgress } from "./terminal-progress.ts";

type Recommendations = typeof recommendationsModule;
type Sentiment = typeof sentimentModule;
type Server = typeof serverModule;

/** Here metrics are there by the second: a canary need not be watched for the minutes that AWS needs. */
const LOCAL_SETTINGS = { CANARY_SECONDS: "10", ALARM_PERIOD_SECONDS: "10" };

const TITLE_WIDTH = "Train recommendations".length;
const ANSWER_WITHIN_MS = 10_000;

/** Loads the server and the applications that start with it: most commands need neither. */
export async function loadEngine(): Promise<Engine> {
  const [server, sentiment, recommendations] = await Promise.all([
    import("@rondo/server"),
    import("@rondo/sentiment"),
    import("@rondo/recommendations"),
  ]);
  const start: Readonly<
    Record<ApplicationName, (on: RunningServer, signal: AbortSignal) => Promise<RunningApplication>>
  > = {
    sentiment: (on, signal) => startSentiment(sentiment, on, signal),
    recommendations: (on) => startRecommendations(recommendations, on),
  };
  return {
    startServer: server.startServer,
    diagnose: server.diagnose,
    diagnoseRecommendations: (configuration) => diagnoseRecommendations(server, recommendations, configuration),
    runLoop: sentiment.runLoop,
    startApplication: (name, on, signal) => start[name](on, signal),
  };
}

async function startSentiment(
  sentiment: Sentiment,
  { url, credentials, configuration }: RunningServer,
  signal: AbortSignal,
): Promise<RunningApplication> {
  // On standard error, so that --json has standard output to itself.
  using progress = createTerminalProgress(process.stderr, TITLE_WIDTH);
  const running = await sentiment.startSentiment({
    clientConfig: { endpoint: url, region: configuration.region, credentials },
    environment: { ...LOCAL_SETTINGS, ...process.env, RONDO_HOME: configuration.home },
    port: configuration.sentimentPort,
    onProgress: ({ step, ...how }) => progress({ title: sentiment.PIPELINE_STEP_TITLES[step], ...how }),
    signal,
  });
  const urls = { sentimentUrl: running.url };
  return { urls, description: sentiment.describeSentiment(running), close: running.close };
}

/** Answers at once; what its first start loads and trains in the background is shown until it is done. */
async function startRecommendations(
  recommendations: Recommendations,
  { url, credentials, configuration, database }: RunningServer,
): Promise<RunningApplication> {
  const running = await recommendations.startRecommendations({
    clientConfig: { endpoint: url, region: configuration.region, credentials },
    environment: process.env,
    database,
    port: configuration.recommendationsPort,
  });
  const following = new AbortController();
  const followed = showFirstStart(recommendations, running.url, following.signal);
  const close = async (): Promise<void> => {
    following.abort();
    await followed;
    await running.close();
  };
  const urls = { recommendationsUrl: running.url, recommendationsSyncUrl: running.syncUrl };
  return { urls, description: describeShop(running), close };
}

function describeShop({ url, syncUrl }: { readonly url: string; readonly syncUrl: string }): string {
  return [
    `The shop's page is at ${url}, its API is described at ${url}/docs; orders go to ${syncUrl}/orders.`,
    "The first start loads its orders and trains in the background, some three minutes; until then it shows what is popular.",
  ].join("\n");
}

async function showFirstStart(recommendations: Recommendations, url: string, signal: AbortSignal): Promise<void> {
  using progress = createTerminalProgress(process.stderr, TITLE_WIDTH);
  await recommendations.followFirstStart(url, { onProgress: progress, signal }).catch(() => undefined);
}

/** Asks the application while it runs; else looks at its tables. */
async function diagnoseRecommendations(
  server: Server,
  recommendations: Recommendations,
  configuration: Configuration,
): Promise<Diagnosis> {
  const url = `http://127.0.0.1:${configuration.recommendationsPort + 1}`;
  const answer = await fetch(`${url}/diagnosis`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(
    () => undefined,
  );
  if (answer?.ok === true) return (await answer.json()) as Diagnosis;
  await using database = await server.openDatabase(configuration);
  return { checks: await recommendations.diagnoseRecommendations({ environment: process.env, database }) };
}
