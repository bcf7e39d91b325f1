import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { obtainEnvironment } from "./environment-cache.ts";
import type { FrameworkPackage } from "./framework-images.ts";
import { type HostPython, inspectPython } from "./host-python.ts";
import { compareVersions, isOfVersion } from "./package-version.ts";
import { install, installFramework, requirementsOf } from "./pip.ts";
import { createPythonLayer, pythonOf, sitePackagesOf } from "./python-layer.ts";
import { readRequirements } from "./requirements-file.ts";
import { log } from "./run-program.ts";
import type { LanguageEnvironment, ScriptContext } from "./script-context.ts";
import { installerEnvironment } from "./script-settings.ts";

/** Grows when environments are made in another way. */
const FORMAT = 1;

interface Preparation {
  readonly context: ScriptContext;
  readonly host: HostPython;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Python with the image's packages and those of the first requirements.txt in `folders`: three virtual environments one upon the other, the image's and
 * the requirements' from the cache, and the job's own, so that a program that installs something changes nothing for others.
 */
export async function preparePython(context: ScriptContext, folders: readonly string[]): Promise<LanguageEnvironment> {
  const { image, settings, variables } = context;
  const environment = installerEnvironment(settings, variables);
  const names = image.packages.map(({ name }) => name);
  const host = await inspectPython(settings, names, environment);
  const preparation = { context, host, environment };
  const layers = [await obtainFrameworkLayer(preparation)];
  for (const folder of folders) {
    const requirements = await readRequirements(folder);
    if (requirements === undefined) continue;
    layers.unshift(await obtainRequirementsLayer(preparation, { folder, requirements, below: layers }));
    break;
  }
  const own = join(context.base, ".environment");
  const below = [...layers.map((path) => sitePackagesOf(path, host)), ...foundOn(host, image.packages)];
  await createPythonLayer({ path: own, host, below, hasOwnPip: false, environment });
  await writeFile(join(own, "pip.conf"), pipConfiguration(settings.variables), { mode: 0o600 });
  return {
    path: [own, ...layers].map((path) => join(path, "bin")),
    variables: { VIRTUAL_ENV: own, PYTHONUNBUFFERED: "1" },
  };
}

async function obtainFrameworkLayer({ context, host, environment }: Preparation): Promise<string> {
  const { packages, description, languageVersion } = context.image;
  if (languageVersion !== undefined && !host.version.startsWith(languageVersion)) {
    log(`The image has Python ${languageVersion}; Python ${host.version} of this host stands in.`);
  }
  const below = foundOn(host, packages);
  const isThere = below.length > 0;
  const { path, notes, isNew } = await obtainEnvironment({
    directory: context.settings.environments,
    signal: context.signal,
    key: { FORMAT, build: [host.executable, host.build], packages, onHost: isThere ? host.packages : undefined },
    async build(path) {
      if (packages.length > 0) log(`Making a Python environment with ${description}; the next job finds it made.`);
      await createPythonLayer({ path, host, below, hasOwnPip: true, environment });
      if (packages.length === 0) return [];
      if (isThere) return [`The packages of ${host.executable} are used as they are: ${list(host.packages)}.`];
      const directory = context.base;
      const standIns = await installFramework({ python: pythonOf(path), directory, environment }, packages);
      const unused = host.packages[packages[0]?.name ?? ""] !== undefined;
      return unused
        ? [...standIns, `Not used, since it is not what the image has: ${list(host.packages)} of ${host.executable}.`]
        : standIns;
    },
  });
  for (const note of notes) log(note);
  if (!isNew && packages.length > 0) log(`${description}: the Python environment ${path}`);
  return path;
}

interface RequirementsRecipe {
  readonly folder: string;
  readonly requirements: object;
  readonly below: readonly string[];
}

async function obtainRequirementsLayer(
  { context, host, environment }: Preparation,
  { folder, requirements, below }: RequirementsRecipe,
): Promise<string> {
  const { path, isNew } = await obtainEnvironment({
    directory: context.settings.environments,
    signal: context.signal,
    key: { FORMAT, build: [host.executable, host.build], below, requirements },
    async build(path) {
      log("Installing what requirements.txt asks for; the next job finds it installed.");
      const seen = [...below.map((layer) => sitePackagesOf(layer, host)), ...foundOn(host, context.image.packages)];
      await createPythonLayer({ path, host, below: seen, hasOwnPip: false, environment });
      const run = { python: pythonOf(path), directory: folder, environment };
      await install(run, ["-r", "requirements.txt"]);
      return [];
    },
  });
  if (!isNew) log(`requirements.txt: the Python environment ${path}`);
  return path;
}

/** The host's own directories of packages where they hold all that the image has, none otherwise. */
function foundOn(host: HostPython, packages: readonly FrameworkPackage[]): readonly string[] {
  const isThere = packages.every(({ name, version, below }) => {
    const found = host.packages[name];
    if (found === undefined) return false;
    if (version !== undefined) return isOfVersion(found, version);
    const isLimited = below !== undefined && requirementsOf(packages).includes(`${name}<${below[0]}`);
    return !isLimited || compareVersions(found, below[0]) < 0;
  });
  return isThere && packages.length > 0 ? host.sitePackages : [];
}

/** The host's PIP_ variables as the configuration of one virtual environment, for programs that install something themselves. */
function pipConfiguration(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables)
    .filter(([name]) => name.startsWith("PIP_") && name !== "PIP_CONFIG_FILE")
    .map(
      ([name, value]) => `${name.slice(4).toLowerCase().replaceAll("_", "-")} = ${value.replaceAll("\n", "\n  ")}\n`,
    );
  return `[global]\n${lines.join("")}`;
}

function list(packages: Readonly<Record<string, string>>): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
