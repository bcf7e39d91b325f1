import { clientVariables, type LaunchedServer, type LaunchOptions, spawnRondo } from "./launch-server.ts";

/** The product with its recommendations application, in one process. */
export interface LaunchedShop extends LaunchedServer {
  /** Of the API and the page. */
  readonly shopUrl: string;
  /** Takes orders. */
  readonly syncUrl: string;
}

/** Starts both as their own process on free ports; loading and training go on in the background. */
export async function launchShop(options: LaunchOptions = {}): Promise<LaunchedShop> {
  const args = ["--json", "--applications", "recommendations", "--recommendations-port", "0"];
  const spawned = await spawnRondo(args, options);
  let text = "";
  for await (const chunk of spawned.process.stdout!) {
    text += String(chunk);
    const ready = parse(text);
    if (ready === undefined) continue;
    spawned.process.stdout?.resume();
    const { url, recommendationsUrl, recommendationsSyncUrl } = ready;
    const variables = clientVariables(url, spawned.home);
    return { ...spawned, url, shopUrl: recommendationsUrl, syncUrl: recommendationsSyncUrl, variables };
  }
  await spawned[Symbol.asyncDispose]();
  throw new Error(`The start ended before the application was ready: ${text}`);
}

type Ready = Record<"url" | "recommendationsUrl" | "recommendationsSyncUrl", string>;

/** Undefined until the document is whole. */
function parse(text: string): Ready | undefined {
  try {
    return JSON.parse(text) as Ready;
  } catch {
    return undefined;
  }
}
