import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

export interface Load {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Answers that were not 2xx or 3xx, and socket errors. */
  readonly failures: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly requests: string;
  readonly connections: number;
  readonly seconds: number;
}

const MILLISECONDS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** Runs wrk (https://github.com/wg/wrk, Debian's `wrk`) with one thread over the requests of a file. */
export async function runWrk({ url, requests, connections, seconds }: LoadOptions): Promise<Load> {
  const script = path.join(import.meta.dirname, "replay.lua");
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", script, url];
  const { stdout } = await promisify(execFile)("wrk", args, {
    env: { ...process.env, REQUESTS: requests },
    timeout: (seconds + 30) * 1000,
  });
  return {
    requestsPerSecond: Number(field(stdout, /Requests\/sec:\s+([\d.]+)/)),
    p50Milliseconds: milliseconds(field(stdout, /^\s+50%\s+(\S+)/m)),
    p99Milliseconds: milliseconds(field(stdout, /^\s+99%\s+(\S+)/m)),
    failures: failures(stdout),
  };
}

function field(text: string, pattern: RegExp): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`wrk said nothing of ${pattern.source}:\n${text}`);
  return value;
}

function milliseconds(text: string): number {
  const [, number = "", unit = ""] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  const scale = MILLISECONDS[unit];
  if (scale === undefined) throw new Error(`${text} is no time`);
  return Number(number) * scale;
}

function failures(text: string): number {
  const statuses = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  return sockets.reduce((sum, count) => sum + Number(count), statuses);
}
