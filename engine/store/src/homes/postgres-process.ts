import { execFile, spawn } from "node:child_process";
import {
  access,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import type { Logger } from "../logger.ts";
import { isProcessAlive } from "../process-alive.ts";
import { StoreError } from "../store-error.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { socketDirectory, socketPort } from "./socket-directory.ts";

const run = promisify(execFile);
const startDeadlineMs = 60_000; // replaying the write-ahead log after a crash can take long
const stopDeadlineMs = 30_000;
const largestLogBytes = 10 * 1024 * 1024;

/** A PostgreSQL of our own: a directory, and the process that serves it. */
export interface PostgresProcess {
  /** How to connect, for any database of it. */
  readonly config: { readonly host: string; readonly port: number; readonly user: string };
  /** True when it was running already: found again after a crash of ours. */
  readonly found: boolean;
  readonly pid: number;
  /** Fast shutdown: connections are cut, nothing is lost. Resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface PostgresProcessOptions {
  /** Holds data/, postgres.log and, where its path is short enough, the socket. */
  readonly directory: string;
  /** Further `-c name=value`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

const superuser = "rondo";

async function readPid(data: string): Promise<number | undefined> {
  const text = await readFile(path.join(data, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** PostgreSQL works in its data directory; that tells it from a program that has got its number since. */
async function serves(pid: number, data: string): Promise<boolean> {
  if (!isProcessAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === data;
}

/** Larger than any process id, so that nobody has it. */
const nobody = 2_147_483_647;

/**
 * The process that serves `data`. After a crash postmaster.pid stays, and its number may be another program's by now: then PostgreSQL would
 * refuse to start. The number is replaced; the rest of the file stays, since PostgreSQL sees by it whether a child of the crashed one still
 * writes.
 */
async function findServingPid(data: string): Promise<number | undefined> {
  const pid = await readPid(data);
  if (pid === undefined || pid === nobody) return undefined;
  if (await serves(pid, data)) return pid;
  if (!isProcessAlive(pid)) return undefined;
  const file = path.join(data, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => "");
  if (Number.parseInt(text, 10) === pid) await writeFile(file, text.replace(/^\d+/, `${nobody}`), { mode: 0o600 });
  return undefined;
}

/** What starts that were killed within initdb left behind. */
async function removeUnfinished(data: string): Promise<void> {
  const folder = path.dirname(data);
  const prefix = `${path.basename(data)}.init-`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefix) || isProcessAlive(Number(name.slice(prefix.length)))) continue;
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

async function initialise(binaries: PostgresBinaries, data: string): Promise<void> {
  if (
    await access(path.join(data, "PG_VERSION")).then(
      () => true,
      () => false,
    )
  )
    return;
  await removeUnfinished(data);
  const unfinished = `${data}.init-${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  const [command, ...args] = [...binaries.prefix, binaries.initdb, "-D", unfinished, "-U", superuser];
  try {
    await run(command!, [...args, "--auth=trust", "-E", "UTF8", "--no-locale"], { timeout: startDeadlineMs });
    await rename(unfinished, data); // a crash in the middle leaves no half-made database; of two starters one wins
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return;
    throw new StoreError("EmbeddedFailed", `Making the database in ${data} failed: ${(error as Error).message}`);
  }
}

async function logTail(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-5).join("\n");
}

/** Starts PostgreSQL in a session of its own, so that neither Ctrl-C nor our crash ends it. */
async function launch(
  binaries: PostgresBinaries,
  directory: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ pid: number; hasEnded: () => boolean }> {
  const data = path.join(directory, "data");
  const logFile = path.join(directory, "postgres.log");
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLogBytes) await rename(logFile, `${logFile}.1`);
  const log = await open(logFile, "a", 0o600);
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command, ...args] = [...binaries.prefix, binaries.postgres, "-D", data, ...options];
  const child = spawn(command!, args, { cwd: directory, detached: true, stdio: ["ignore", log.fd, log.fd] });
  let ended = false;
  child.once("exit", () => (ended = true)).once("error", () => (ended = true));
  child.unref();
  await log.close();
  return { pid: child.pid ?? 0, hasEnded: () => ended };
}

type Config = PostgresProcess["config"];

/** True when it takes connections; false when nobody listens, or it is still starting or already stopping. */
async function canConnect(config: Config): Promise<boolean> {
  const client = new pg.Client({ ...config, database: "postgres", connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function stop(data: string, pid: number): Promise<void> {
  if ((await findServingPid(data)) !== pid) return; // it has ended, and the number may be somebody else's by now
  process.kill(pid, "SIGINT");
  for (const deadline = Date.now() + stopDeadlineMs; Date.now() < deadline; await sleep(10)) {
    if (!isProcessAlive(pid)) return;
  }
  throw new StoreError("EmbeddedFailed", `PostgreSQL (process ${pid}) did not stop within ${stopDeadlineMs / 1_000} s`);
}

/**
 * Finds the PostgreSQL of `directory` when it is running, else makes its database (once, 0.5 s) and starts it (30 ms). Listens on a Unix
 * socket only. Throws StoreError "EmbeddedUnavailable" when it cannot run on this machine, "EmbeddedFailed" when it does not start.
 */
export async function startPostgres(options: PostgresProcessOptions): Promise<PostgresProcess> {
  const { settings, logger } = options;
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const directory = await realpath(options.directory); // one name for it, whichever links lead here
  const data = path.join(directory, "data");
  const config = { host: await socketDirectory(directory), port: socketPort, user: superuser };
  const binaries = await findPostgresBinaries();
  const all = {
    listen_addresses: "",
    unix_socket_directories: config.host,
    unix_socket_permissions: "0700",
    log_checkpoints: "off",
    log_line_prefix: "%m [%p] ",
    ...settings,
  };
  let launched: Awaited<ReturnType<typeof launch>> | undefined;
  for (const deadline = Date.now() + startDeadlineMs; Date.now() < deadline; await sleep(10)) {
    const pid = await findServingPid(data);
    if (pid !== undefined && (await canConnect(config))) {
      const found = launched?.pid !== pid;
      logger.info({ pid, data }, found ? "Found the embedded PostgreSQL running" : "Started the embedded PostgreSQL");
      return {
        config,
        found,
        pid,
        async stop() {
          await stop(data, pid);
          if (config.host !== directory) await rmdir(config.host).catch(() => {}); // the short one under /tmp
        },
      };
    }
    if (pid !== undefined || launched?.hasEnded() === false) continue; // starting or stopping, ours or another starter's
    if (launched !== undefined) break;
    await initialise(binaries, data);
    launched = await launch(binaries, directory, all);
  }
  const logFile = path.join(directory, "postgres.log");
  throw new StoreError("EmbeddedFailed", `PostgreSQL did not start. The end of ${logFile}:\n${await logTail(logFile)}`);
}
