import type { FrameworkPackage } from "./framework-images.ts";
import { compareVersions, exactly, nearestVersion } from "./package-version.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";
import { UserScriptError } from "./user-script-error.ts";

export interface PipRun {
  readonly python: string;
  /** The working directory, from which paths in a requirements.txt count. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

const OPTIONS = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"];

/** What pip says when it reaches no index, or none that has the package. */
const UNREACHABLE =
  /from versions: none|NewConnectionError|NameResolutionError|Temporary failure in name resolution|Network is unreachable|ProxyError|ConnectTimeoutError|Connection refused/;

/** `pip install`; throws UserScriptError with pip's message. */
export async function install(run: PipRun, what: readonly string[]): Promise<void> {
  const { command, end } = await tryInstall(run, what);
  if (end.exitCode !== 0) throw failure(command, end);
}

/**
 * Installs an image's packages, binaries only. Where a version has no build for this Python the nearest one that has stands in, once for each package;
 * the notes say which. Throws UserScriptError with pip's message.
 */
export async function installFramework(run: PipRun, packages: readonly FrameworkPackage[]): Promise<string[]> {
  const standIns = new Map<string, string>();
  const notes: string[] = [];
  for (;;) {
    const requirements = requirementsOf(packages, standIns);
    const { command, end } = await tryInstall(run, ["--only-binary=:all:", ...requirements]);
    if (end.exitCode === 0) return notes;
    const standIn = findStandIn(end.errors, packages);
    if (standIn === undefined || standIns.has(standIn.name)) throw failure(command, end);
    const { name, wanted, version } = standIn;
    standIns.set(name, version);
    notes.push(`${name} ${wanted} has no build for this Python; ${version}, the nearest that has, stands in.`);
  }
}

/** What pip is asked for, in its own notation. */
export function requirementsOf(
  packages: readonly FrameworkPackage[],
  standIns: ReadonlyMap<string, string> = new Map(),
): string[] {
  const [framework] = packages;
  const frameworkVersion = framework === undefined ? undefined : (standIns.get(framework.name) ?? framework.version);
  return packages.map(({ name, version, below }) => {
    const standIn = standIns.get(name);
    if (standIn !== undefined) return `${name}==${standIn}`;
    if (version !== undefined) return `${name}${exactly(version)}`;
    const isLimited = below !== undefined && compareVersions(frameworkVersion ?? "0", below[1]) < 0;
    return isLimited ? `${name}<${below[0]}` : name;
  });
}

/** Reads it from pip's message, which lists what there is for this Python. */
function findStandIn(errors: string, packages: readonly FrameworkPackage[]) {
  const match = /requirement ([\w.-]+)==\S+ \(from versions: ([^)]*)\)/.exec(errors);
  const wanted = packages.find(({ name }) => name === match?.[1])?.version;
  if (match?.[1] === undefined || wanted === undefined) return undefined;
  const version = nearestVersion(wanted, match[2]?.split(", ") ?? []);
  return version === undefined ? undefined : { name: match[1], wanted, version };
}

async function tryInstall({ python, directory, environment }: PipRun, what: readonly string[]) {
  const command = [python, "-m", "pip", "install", ...OPTIONS, ...what];
  return { command, end: await runProgram({ command, directory, environment }) };
}

function failure(command: readonly string[], end: ProgramEnd): UserScriptError {
  const said = end.errors.split("\n").filter((line) => /^\s*error\b/i.test(line));
  const reason = said.length > 0 ? said.join("\n") : end.errors;
  const advice = UNREACHABLE.test(end.errors)
    ? "\nNo package index that can be reached has it. What was installed for an earlier job works without one."
    : "";
  const brief = command.filter((argument) => !OPTIONS.includes(argument));
  return new UserScriptError("InstallRequirementsError", brief, { ...end, errors: reason + advice });
}
