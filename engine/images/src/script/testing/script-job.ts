import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { scriptEnvironment } from "../script-settings.ts";

/** Why Python's tests cannot run on this host, false where they can. */
export function pythonIsMissing(): string | false {
  try {
    execFileSync("python3", ["-c", "import venv, ensurepip, importlib.metadata"], { stdio: "ignore" });
    return false;
  } catch {
    return "this host has no python3 with venv";
  }
}

export interface ScriptJobOptions {
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** Name below the directory that stands for `/opt/ml` → content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** A directory that stands for `/opt/ml`, as staging leaves it, removed when disposed of. */
export async function createScriptJob(options: ScriptJobOptions): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "rondo-script-"));
  const configuration = {
    "hyperparameters.json": options.hyperparameters ?? {},
    "inputdataconfig.json": { train: { TrainingInputMode: "File" } },
    "resourceconfig.json": { current_host: "algo-1", hosts: ["algo-1"], network_interface_name: "eth0" },
  };
  const files: Record<string, string | Uint8Array> = { "tmp/.keep": "", "code/.keep": "", ...options.files };
  for (const [name, content] of Object.entries(configuration)) {
    files[`input/config/${name}`] = JSON.stringify(content);
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The environment of a script image's program whose installers reach nothing but a directory of packages. */
export function offlineEnvironment(directory: string, root: string): Record<string, string> {
  const environment = {
    HOME: root,
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: join(root, "wheels"),
    npm_config_offline: "true",
  };
  return {
    PATH: process.env["PATH"] ?? "",
    TMPDIR: join(directory, "tmp"),
    SAGEMAKER_BASE_DIR: directory,
    ...scriptEnvironment({ environments: join(root, "environments"), environment }),
  };
}

export interface ScriptRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface RunningScript {
  readonly ended: Promise<ScriptRun>;
  /** Resolves when the output matches; rejects when the program has ended before. */
  printed(pattern: RegExp): Promise<void>;
  /** Signals the whole process group, as executors do. */
  signal(name: NodeJS.Signals): void;
}

const DEADLINE_MS = 120_000;

/** Starts a command as an executor does: a process group of its own, both outputs in one. */
export function startScript(command: readonly string[], environment: Readonly<Record<string, string>>): RunningScript {
  const directory = environment["SAGEMAKER_BASE_DIR"];
  const child = spawn("/bin/sh", ["-c", 'exec "$@" 2>&1', "sh", ...command], {
    cwd: directory,
    env: environment,
    detached: true,
    timeout: DEADLINE_MS,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  const ended = once(child, "close").then(([exitCode, signal]) => ({ exitCode, signal, output }) as ScriptRun);
  return {
    ended,
    async printed(pattern) {
      const isOver = ended.then(({ output: all }) => {
        if (!pattern.test(all)) throw new Error(`The program ended without printing ${pattern}:\n${all}`);
      });
      while (!pattern.test(output)) await Promise.race([once(child.stdout, "data"), isOver]);
    },
    signal: (name) => void process.kill(-(child.pid ?? 0), name),
  };
}

/** A package of one module that tells its version. */
export type TinyPackage = readonly [name: string, version: string];

const WHEELS = `
import json, sys, zipfile
directory, packages = sys.argv[1:]
for name, version in json.loads(packages):
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(f"{directory}/{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", f"VERSION = {version!r}\\n")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{about}/RECORD", "")
`;

/** Writes packages that pip can install. */
export async function writeWheels(directory: string, packages: readonly TinyPackage[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  execFileSync("python3", ["-c", WHEELS, directory, JSON.stringify(packages)]);
}

/** Puts a package among those of an interpreter. */
export async function writeInstalledPackage(sitePackages: string, [name, version]: TinyPackage): Promise<void> {
  const about = join(sitePackages, `${name}-${version}.dist-info`);
  await mkdir(about, { recursive: true });
  await writeFile(join(about, "METADATA"), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
  await writeFile(join(sitePackages, `${name}.py`), `VERSION = "${version}"\n`);
}
