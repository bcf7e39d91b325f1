import { createInterface } from "node:readline";
import { clientVariables, type LaunchedServer, type LaunchOptions, spawnRondo } from "./launch-server.ts";

/** The product with its sentiment application, in one process. */
export interface LaunchedApplication extends LaunchedServer {
  /** URL of each of the seven services by name: `feedback-service`. */
  readonly services: Readonly<Record<string, string>>;
}

/** A line of what a start says at its end: a service, and a curl line with its address. */
const SERVICE_LINE = /^([a-z-]+-service)\s+curl .*?(https?:\/\/[\w.[\]:-]+:\d+)/;
const LAST_LINE = "Stop with Ctrl-C.";

/** Starts everything as its own process on free ports, the way a user does, and waits until the first model answers. */
export async function launchApplication(options: LaunchOptions = {}): Promise<LaunchedApplication> {
  const spawned = await spawnRondo(["--applications", "sentiment", "--sentiment-port", "0"], options);
  const services: Record<string, string> = {};
  let url: string | undefined;
  let isReady = false;
  for await (const line of createInterface({ input: spawned.process.stdout! })) {
    url ??= /https?:\/\/[\w.[\]:-]+:\d+/.exec(line)?.[0];
    const [, name, serviceUrl] = SERVICE_LINE.exec(line) ?? [];
    if (name !== undefined && serviceUrl !== undefined) services[name] = serviceUrl;
    isReady = line === LAST_LINE;
    if (isReady) break;
  }
  if (!isReady || url === undefined) {
    await spawned[Symbol.asyncDispose]();
    throw new Error("The start ended before the application was ready; what it said is above.");
  }
  spawned.process.stdout?.resume();
  return { ...spawned, url, services, variables: clientVariables(url, spawned.home) };
}
