import { stat, statfs } from "node:fs/promises";
import { describeSql, openSql, type SqlDescription, StoreError } from "@rondo/store";
import type { Configuration } from "./configuration.ts";
import { folderSize, formatBytes } from "./folder-size.ts";
import { type Home, homeAt } from "./home.ts";
import { sqlOptions } from "./open-ports.ts";
import { readServerFile } from "./server-file.ts";

/** One thing that `rondo doctor` looked at. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warning" | "error";
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
}

export interface Diagnosis {
  readonly checks: readonly Check[];
}

const LITTLE_SPACE = 2_000_000_000;

/**
 * Looks at a home, whether its server runs or not: what is there, how large, and what is wrong. Makes nothing and starts nothing that stays. The
 * database of a stopped server is opened for it, which brings it up to date as a start would.
 */
export async function diagnose(configuration: Configuration): Promise<Diagnosis> {
  const home = homeAt(configuration.home);
  if ((await stat(home.path).catch(() => undefined)) === undefined) {
    const detail = `${home.path} does not exist.`;
    return { checks: [{ name: "home", state: "warning", detail, advice: "The first start makes it: npm start" }] };
  }
  const server = await readServerFile(home.serverFile);
  return {
    checks: [
      await checkSpace(home),
      server === undefined
        ? { name: "server", state: "ok", detail: "Not running." }
        : {
            name: "server",
            state: "ok",
            detail: `Running as process ${server.pid} on ${server.url} since ${server.startedAt}.`,
          },
      await checkCredentials(home),
      ...(await checkDatabase(configuration, server?.url)),
      ...(await checkFolders(home)),
    ],
  };
}

async function checkSpace({ path }: Home): Promise<Check> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const detail = `${path}, ${formatBytes(free)} free on its disk.`;
  if (free >= LITTLE_SPACE) return { name: "home", state: "ok", detail };
  return {
    name: "home",
    state: "warning",
    detail,
    advice: "Make room: training jobs and uploads fail when the disk is full.",
  };
}

async function checkCredentials({ credentials }: Home): Promise<Check> {
  const found = await stat(credentials).catch(() => undefined);
  if (found === undefined) {
    return {
      name: "credentials",
      state: "warning",
      detail: `${credentials} does not exist.`,
      advice: "The next start makes it.",
    };
  }
  if ((found.mode & 0o077) === 0) return { name: "credentials", state: "ok", detail: credentials };
  const detail = `${credentials} can be read by others.`;
  return { name: "credentials", state: "error", detail, advice: `chmod 600 ${credentials}` };
}

async function checkDatabase(configuration: Configuration, serverUrl: string | undefined): Promise<Check[]> {
  const home = homeAt(configuration.home);
  if (serverUrl === undefined && configuration.databaseUrl === undefined && !(await hasDatabase(home))) {
    return [{ name: "database", state: "ok", detail: "There is none yet: the first start makes it." }];
  }
  try {
    const description =
      serverUrl === undefined ? await describeStopped(configuration) : await describeRunning(serverUrl);
    return describedChecks(description);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const advice = error instanceof StoreError && error.code === "DatabaseTooNew" ? "Update Rondo." : undefined;
    return [{ name: "database", state: "error", detail, advice }];
  }
}

async function hasDatabase({ databases }: Home): Promise<boolean> {
  const found = await Promise.all(databases.map((path) => stat(path).catch(() => undefined)));
  return found.some((entry) => entry !== undefined);
}

async function describeStopped(configuration: Configuration): Promise<SqlDescription> {
  await using sql = await openSql(sqlOptions(configuration));
  return await describeSql(sql);
}

async function describeRunning(url: string): Promise<SqlDescription> {
  const response = await fetch(`${url}/_rondo/health?verbose`, { signal: AbortSignal.timeout(10_000) });
  const { database } = (await response.json()) as { database?: SqlDescription };
  if (database === undefined) throw new Error(`${url} does not say how its database is (status ${response.status}).`);
  return database;
}

function describedChecks(description: SqlDescription): Check[] {
  const { home, version, location, sizeBytes, migrations } = description;
  const size = formatBytes(sizeBytes);
  const detail = `PostgreSQL ${version} (${home}) at ${location}, ${size}, ${migrations.applied} of ${migrations.known} migrations.`;
  return [
    { name: "database", state: "ok", detail },
    ...description.problems.map((problem): Check => ({ name: "database", state: "warning", detail: problem })),
  ];
}

async function checkFolders(home: Home): Promise<Check[]> {
  const checks: Check[] = [];
  for (const name of ["objects", "jobs", "models"] as const) {
    const size = await folderSize(home[name]);
    const least = size?.isComplete === false ? "at least " : "";
    const detail = size === undefined ? "Empty." : `${least}${formatBytes(size.bytes)} in ${size.files} files.`;
    checks.push({ name, state: "ok", detail });
  }
  return checks;
}
