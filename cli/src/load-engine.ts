import type { Engine } from "./engine.ts";

/** Here metrics are there by the second: a canary need not be watched for the minutes that AWS needs. */
const LOCAL_SETTINGS = { CANARY_SECONDS: "10", ALARM_PERIOD_SECONDS: "10" };

/** Loads the server and the applications that start with it: most commands need neither. */
export async function loadEngine(): Promise<Engine> {
  const [server, sentiment] = await Promise.all([import("@rondo/server"), import("@rondo/sentiment")]);
  return {
    startServer: server.startServer,
    diagnose: server.diagnose,
    runLoop: sentiment.runLoop,
    async startSentiment({ url, credentials, configuration }, signal) {
      // On standard error, so that --json has standard output to itself.
      using progress = sentiment.createTerminalProgress(process.stderr);
      const running = await sentiment.startSentiment({
        clientConfig: { endpoint: url, region: configuration.region, credentials },
        environment: { ...LOCAL_SETTINGS, ...process.env, RONDO_HOME: configuration.home },
        port: configuration.sentimentPort,
        onProgress: progress,
        signal,
      });
      return { url: running.url, description: sentiment.describeSentiment(running), close: running.close };
    },
  };
}
