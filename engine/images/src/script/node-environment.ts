import { cp, lstat, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "../client-error.ts";
import { obtainEnvironment } from "./environment-cache.ts";
import { hashFolder, readIfThere } from "./requirements-file.ts";
import { log, runProgram } from "./run-program.ts";
import type { LanguageEnvironment, ScriptContext } from "./script-context.ts";
import { installerEnvironment } from "./script-settings.ts";
import { UserScriptError } from "./user-script-error.ts";

/** Grows when environments are made in another way. */
const FORMAT = 1;
const NPM_INSTALL = ["npm", "install", "--omit=dev", "--install-links", "--no-audit", "--no-fund", "--loglevel=warn"];

/**
 * Node is the one that runs Rondo, TypeScript by type stripping. The dependencies of a package.json in one of `folders` are installed into the cache and linked as its
 * node_modules, unless it brings its own.
 */
export async function prepareNode(context: ScriptContext, folders: readonly string[]): Promise<LanguageEnvironment> {
  const { own, image } = context;
  const bin = join(own, "bin");
  await mkdir(bin, { recursive: true });
  await symlink(process.execPath, join(bin, "node"));
  const major = image.languageVersion?.split(".")[0];
  if (major !== undefined && major !== process.versions.node.split(".")[0]) {
    log(`The image has Node ${image.languageVersion}; Node ${process.versions.node} of this host stands in.`);
  }
  for (const folder of folders) await linkModules(context, folder);
  return { path: [bin], variables: {} };
}

async function linkModules(context: ScriptContext, folder: string): Promise<void> {
  const manifest = await readManifest(folder);
  const modules = join(folder, "node_modules");
  if (manifest === undefined || (await exists(modules))) return;
  const { settings, signal } = context;
  const environment = installerEnvironment(settings, context.variables);
  const lock = await readIfThere(join(folder, "package-lock.json"));
  const { path, isNew } = await obtainEnvironment({
    directory: settings.environments,
    signal,
    key: {
      FORMAT,
      node: [process.version, process.arch, process.platform],
      dependencies: manifest.dependencies,
      lock,
      folder: manifest.hasFiles ? await hashFolder(folder) : undefined,
    },
    async build(path) {
      log("Installing the dependencies of package.json; the next job finds them installed.");
      // A dependency given as a path counts from the folder.
      await cp(folder, path, { recursive: true });
      await mkdir(join(path, "node_modules"), { recursive: true });
      const end = await runProgram({ command: NPM_INSTALL, directory: path, environment });
      if (end.exitCode !== 0) throw new UserScriptError("InstallRequirementsError", NPM_INSTALL, end);
      return [];
    },
  });
  await symlink(join(path, "node_modules"), modules);
  if (!isNew) log(`package.json: the modules ${join(path, "node_modules")}`);
}

/** Undefined without a package.json or without dependencies in it. */
async function readManifest(folder: string) {
  const text = await readIfThere(join(folder, "package.json"));
  if (text === undefined) return undefined;
  try {
    const { dependencies = {} } = JSON.parse(text) as { readonly dependencies?: Readonly<Record<string, string>> };
    const wanted = Object.values(dependencies);
    const hasFiles = wanted.some((version) => /^(file:|\.|\/)/.test(version));
    return wanted.length === 0 ? undefined : { dependencies, hasFiles };
  } catch (error) {
    throw new ClientError(`${join(folder, "package.json")} cannot be read: ${(error as Error).message}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
