import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface LaunchedServer extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly process: ChildProcess;
  /** What an AWS client needs in its environment. */
  readonly variables: Record<string, string>;
}

export interface LaunchOptions {
  /** A home that is already there; it is then kept at the end. */
  readonly home?: string;
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a bare server as its own process, the way a user does, and waits until it says that it is ready. */
export async function launchServer(options: LaunchOptions = {}): Promise<LaunchedServer> {
  const spawned = await spawnRondo(["--no-bootstrap"], options);
  const url = await readyUrl(spawned.process);
  return { ...spawned, url, variables: clientVariables(url, spawned.home) };
}

/** `rondo start` with further arguments, as its own process; not ready yet. */
export async function spawnRondo(
  args: readonly string[],
  options: LaunchOptions,
): Promise<Omit<LaunchedServer, "url" | "variables">> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "rondo-")));
  const start = ["cli/bin/rondo.js", "start", ...args, "--port", String(options.port ?? 0), "--home", home];
  const child = spawn(process.execPath, start, {
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    home,
    process: child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

/** What an AWS client needs in its environment to speak with the server of this address and home. */
export function clientVariables(url: string, home: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
    AWS_CONFIG_FILE: join(home, "no-config"),
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** The key pair of a server, for clients that more than one server of this process have. */
export async function keyPairOf({ home }: LaunchedServer): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const text = await readFile(join(home, "credentials"), "utf8");
  const read = (name: string): string => new RegExp(`^${name} = (.*)$`, "m").exec(text)?.[1] ?? "";
  return { accessKeyId: read("aws_access_key_id"), secretAccessKey: read("aws_secret_access_key") };
}

/** The address that `rondo start` prints when it is ready. */
export async function readyUrl(child: ChildProcess): Promise<string> {
  const ended = once(child, "exit").then(() => undefined);
  const url = await Promise.race([firstUrl(child), ended]);
  if (url === undefined) {
    throw new Error(`The server ended before it was ready (exit code ${child.exitCode}); what it said is above.`);
  }
  child.stdout?.resume();
  return url;
}

async function firstUrl(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /https?:\/\/[\w.[\]:-]+:\d+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  return undefined;
}
