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
 * Python with the image's packages and those of the first requirements.txt in `folders`: virtual environments one upon the other, from the cache one with
 * pip, the image's and the requirements', and above them the job's own, so that a program that installs something changes nothing for others.
 */
export async function preparePython(context: ScriptContext, folders: readonly string[]): Promise<LanguageEnvironment> {
  const { image, settings, variables, own } = context;
  const environment = installerEnvironment(settings, variables);
  const names = image.packages.map(({ name }) => name);
  const host = await inspectPython(settings, names, environment);
  const preparation = { context, host, environment };
  const layers = await obtainImageLayers(preparation);
  for (const folder of folders) {
    const requirements = await readRequirements(folder);
    if (requirements === undefined) continue;
    layers.unshift(await obtainRequirementsLayer(preparation, { folder, requirements, below: layers }));
    break;
  }
  await createPythonLayer({ path: own, host, below: packagesOf(preparation, layers), hasOwnPip: false, environment });
  await writeFile(join(own, "pip.conf"), pipConfiguration(settings.variables), { mode: 0o600 });
  return {
    path: [own, ...layers].map((path) => join(path, "bin")),
    variables: { VIRTUAL_ENV: own, PYTHONUNBUFFERED: "1" },
  };
}

/** The image's packages upon pip, or pip alone where the host's own Python has what the image has. */
async function obtainImageLayers(preparation: Preparation): Promise<string[]> {
  const { context, host } = preparation;
  const { packages, languageVersion } = context.image;
  if (languageVersion !== undefined && !`${host.version}.`.startsWith(`${languageVersion}.`)) {
    log(`The image has Python ${languageVersion}; Python ${host.version} of this host stands in.`);
  }
  const { path } = await obtainLayer(preparation, {
    about: {},
    below: [],
    hasOwnPip: true,
    fill: async () => [],
  });
  const [framework] = packages;
  if (framework === undefined) return [path];
  if (foundOn(host, packages).length > 0) {
    log(`The packages of ${host.executable} are used as they are: ${list(host.packages)}.`);
    return [path];
  }
  if (host.packages[framework.name] !== undefined) {
    log(`Not used, since it is not what the image has: ${list(host.packages)} of ${host.executable}.`);
  }
  return [await obtainFrameworkLayer(preparation, path), path];
}

async function obtainFrameworkLayer(preparation: Preparation, below: string): Promise<string> {
  const { context, environment } = preparation;
  const { packages, description } = context.image;
  const { path, notes, isNew } = await obtainLayer(preparation, {
    about: { packages },
    below: [below],
    hasOwnPip: false,
    async fill(layer) {
      log(`Making a Python environment with ${description}; the next job finds it made.`);
      return await installFramework({ python: pythonOf(layer), directory: context.base, environment }, packages);
    },
  });
  for (const note of notes) log(note);
  if (!isNew) log(`${description}: the Python environment ${path}`);
  return path;
}

interface RequirementsRecipe {
  readonly folder: string;
  readonly requirements: object;
  readonly below: readonly string[];
}

async function obtainRequirementsLayer(
  preparation: Preparation,
  { folder, requirements, below }: RequirementsRecipe,
): Promise<string> {
  const { path, isNew } = await obtainLayer(preparation, {
    about: { requirements },
    below,
    hasOwnPip: false,
    async fill(layer) {
      log("Installing what requirements.txt asks for; the next job finds it installed.");
      const run = { python: pythonOf(layer), directory: folder, environment: preparation.environment };
      await install(run, ["-r", "requirements.txt"]);
      return [];
    },
  });
  if (!isNew) log(`requirements.txt: the Python environment ${path}`);
  return path;
}

interface LayerRecipe {
  /** What it holds, for the key. */
  readonly about: object;
  readonly below: readonly string[];
  readonly hasOwnPip: boolean;
  readonly fill: (path: string) => Promise<readonly string[]>;
}

async function obtainLayer(preparation: Preparation, { about, below, hasOwnPip, fill }: LayerRecipe) {
  const { context, host, environment } = preparation;
  const seen = below.length === 0 ? [] : packagesOf(preparation, below);
  return await obtainEnvironment({
    directory: context.settings.environments,
    signal: context.signal,
    key: { FORMAT, build: [host.executable, host.build], seen, ...about },
    async build(path) {
      await createPythonLayer({ path, host, below: seen, hasOwnPip, environment });
      return await fill(path);
    },
  });
}

/** Where the packages of layers are, and the host's where they serve as the image's. */
function packagesOf({ context, host }: Preparation, layers: readonly string[]): readonly string[] {
  return [...layers.map((path) => sitePackagesOf(path, host)), ...foundOn(host, context.image.packages)];
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
