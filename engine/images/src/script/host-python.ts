import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ClientError } from "../client-error.ts";
import type { ScriptSettings } from "./script-settings.ts";

/** This host's Python. */
export interface HostPython {
  /** The absolute path of the interpreter. */
  readonly executable: string;
  /** `3.11.7`. */
  readonly version: string;
  /** All that the interpreter tells of how it was built. */
  readonly build: string;
  /** Where it has its packages. */
  readonly sitePackages: readonly string[];
  /** What it has of the packages that were asked about, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

const INSPECTION_DEADLINE_MS = 30_000;

/** Isolated (-I), so neither the job's environment nor packages of the user's home count. */
const INSPECT = `
import importlib.metadata, json, platform, site, sys
packages = {}
for name in sys.argv[1:]:
    try:
        packages[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps({
    "executable": sys.executable, "version": platform.python_version(), "build": sys.version,
    "sitePackages": site.getsitepackages(), "packages": packages,
}))`;

/** Asks the interpreter. Throws ClientError when there is none or it is too old for this. */
export async function inspectPython(
  settings: ScriptSettings,
  names: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<HostPython> {
  const { python = "python3" } = settings;
  const options = { env: environment, timeout: INSPECTION_DEADLINE_MS };
  try {
    const { stdout } = await promisify(execFile)(python, ["-I", "-c", INSPECT, ...names], options);
    return JSON.parse(stdout) as HostPython;
  } catch (error) {
    const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
    const problem = code === "ENOENT" ? "there is none" : (stderr?.trim().split("\n").at(-1) ?? message);
    throw new ClientError(
      `This image needs Python 3.8 or newer on this host, found as ${python}: ${problem}. Install it, or name another one in RONDO_PYTHON and start Rondo again.`,
    );
  }
}
