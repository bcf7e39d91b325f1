import { writeFile } from "node:fs/promises";
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
 * What ensurepip does, in a fifth of the time: the wheels that come with Python are unpacked, and compiled when they are used. Where they lie is a matter of
 * the distribution (WHEEL_PKG_DIR), so that ensurepip itself remains for those that have them elsewhere.
 */
const UNPACK_PIP = `
import ensurepip, glob, os, sysconfig, zipfile
directories = [sysconfig.get_config_var("WHEEL_PKG_DIR"), os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
wheels = {name: path for directory in directories if directory for name in ("pip", "setuptools")
          for path in glob.glob(os.path.join(directory, name + "-*.whl"))}
for path in wheels.values():
    zipfile.ZipFile(path).extractall(sysconfig.get_path("purelib"))
if "pip" not in wheels:
    ensurepip.bootstrap()`;

/**
 * Makes a virtual environment (PEP 405) that sees packages of others without being able to change them: what pip installs or replaces goes into this
 * one, and comes first.
 */
export async function createPythonLayer({ path, host, below, hasOwnPip, environment }: PythonLayer): Promise<void> {
  const run = async (...command: readonly string[]): Promise<void> => {
    const { exitCode, errors } = await runProgram({ command, directory: dirname(path), environment });
    if (exitCode === 0) return;
    throw new ClientError(
      `No virtual environment can be made with ${host.executable}: ${lastLines(errors)} On Debian and Ubuntu install python3-venv.`,
    );
  };
  await run(host.executable, "-I", "-m", "venv", "--without-pip", path);
  const lines = below.map((directory) => `import site; site.addsitedir(${JSON.stringify(directory)})\n`);
  await writeFile(join(sitePackagesOf(path, host), "rondo-below.pth"), lines.join(""));
  if (hasOwnPip) await run(pythonOf(path), "-I", "-c", UNPACK_PIP);
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
