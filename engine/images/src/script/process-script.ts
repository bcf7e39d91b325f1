import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ClientError } from "../client-error.ts";
import { prepareLanguage } from "./language-environment.ts";
import { log, type ProgramEnd, runProgram } from "./run-program.ts";
import type { ScriptContext } from "./script-context.ts";
import { checkEnd } from "./user-script-error.ts";

const CONTAINER_BASE = "/opt/ml";

/**
 * A processing container: runs exactly the given command, with the requirements of its script installed. They lie beside the script, in
 * `processing/input/code`, or in the `sourcedir.tar.gz` that the SageMaker Python SDK puts into one of the two, to be installed by its runproc.sh. Throws
 * UserScriptError for a program that fails, so that the job's FailureReason has its last words.
 */
export async function processScript(context: ScriptContext, given: readonly string[]): Promise<ProgramEnd> {
  const { base, variables } = context;
  if (given.length === 0) throw new ClientError("The processing job has neither an entry point nor arguments.");
  const command = given.map((argument) => toBase(base, argument));
  if (base !== CONTAINER_BASE && command.some((argument, index) => argument !== given[index])) {
    log(`Arguments that begin with ${CONTAINER_BASE} begin with ${base} instead.`);
  }
  const language = await prepareLanguage(context, await codeFolders(context, command));
  const environment = {
    ...variables,
    ...language.variables,
    PATH: [...language.path, variables["PATH"] ?? ""].join(":"),
    SAGEMAKER_BASE_DIR: base,
  };
  return checkEnd(await runProgram({ command, directory: base, environment }), command, context.signal);
}

/** What names a file of the container's where the job's directory could not be shown there. */
function toBase(base: string, argument: string): string {
  const isInside = argument === CONTAINER_BASE || argument.startsWith(`${CONTAINER_BASE}/`);
  return isInside ? `${base}${argument.slice(CONTAINER_BASE.length)}` : argument;
}

/** Where requirements may lie, the script's own folder first. */
async function codeFolders(context: ScriptContext, command: readonly string[]): Promise<string[]> {
  const { base } = context;
  const files = await Promise.all(command.map(async (path) => path.startsWith(`${base}/`) && (await isFile(path))));
  const script = command.find((_path, index) => files[index]);
  const folders = new Set([
    ...(script === undefined ? [] : [dirname(script)]),
    join(base, "processing", "input", "code"),
  ]);
  for (const folder of folders) {
    const archive = join(folder, "sourcedir.tar.gz");
    if (await isFile(archive)) folders.add(await unpack(context, archive));
  }
  return [...folders];
}

/** The job's own program unpacks it once more, in its place; an archive that is none is for that one to complain of. */
async function unpack({ own, variables }: ScriptContext, archive: string): Promise<string> {
  const directory = join(own, "sourcedir");
  await mkdir(directory, { recursive: true });
  await runProgram({ command: ["tar", "-xzf", archive, "-C", directory], directory, environment: variables });
  return directory;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
