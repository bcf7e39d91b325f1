import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ClientError } from "../client-error.ts";
import type { HostPython } from "./host-python.ts";
import { runProgram } from "./run-program.ts";
import { lastLines } from "./user-script-error.ts";

export interface PythonLayer {
  readonly path: string;
  readonly host: HostPython;
  /** Directories of packages that it sees besides its own. */
  readonly below: readonly string[];
  /** Otherwise pip is among the packages below. */
  readonly hasOwnPip: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Makes a virtual environment (PEP 405) that sees packages of others without being able to change them: what pip installs or replaces goes into this
 * one, and comes first.
 */
export async function createPythonLayer({ path, host, below, hasOwnPip, environment }: PythonLayer): Promise<void> {
  const command = [host.executable, "-I", "-m", "venv", ...(hasOwnPip ? [] : ["--without-pip"]), path];
  const { exitCode, errors } = await runProgram({ command, directory: dirname(path), environment });
  if (exitCode !== 0) {
    throw new ClientError(
      `No virtual environment can be made with ${host.executable}: ${lastLines(errors)} On Debian and Ubuntu install python3-venv.`,
    );
  }
  const lines = below.map((directory) => `import site; site.addsitedir(${JSON.stringify(directory)})\n`);
  await mkdir(sitePackagesOf(path, host), { recursive: true });
  await writeFile(join(sitePackagesOf(path, host), "rondo-below.pth"), lines.join(""));
  if (hasOwnPip) return;
  const script = `#!/bin/sh\nexec "${pythonOf(path)}" -m pip "$@"\n`;
  for (const name of ["pip", "pip3"]) await writeFile(join(path, "bin", name), script, { mode: 0o755 });
}

export function pythonOf(path: string): string {
  return join(path, "bin", "python");
}

export function sitePackagesOf(path: string, { version }: HostPython): string {
  const [major, minor] = version.split(".");
  return join(path, "lib", `python${major}.${minor}`, "site-packages");
}
