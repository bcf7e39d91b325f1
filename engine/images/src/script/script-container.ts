import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "../client-error.ts";
import { processScript } from "./process-script.ts";
import { log, type ProgramEnd } from "./run-program.ts";
import type { ScriptContext } from "./script-context.ts";
import { findScriptImage } from "./script-image.ts";
import { takeScriptSettings } from "./script-settings.ts";
import { trainScript } from "./train-script.ts";
import { UserScriptError } from "./user-script-error.ts";

const CONTAINER_BASE = "/opt/ml";
/** The shell's exit code of a program that was ended by SIGTERM. */
const TERMINATED = 143;

/**
 * The program of every script image: `node script-container.ts <repository>:<tag> train`, or `… process <command> [argument …]`, with SAGEMAKER_BASE_DIR
 * standing for `/opt/ml`. Ends as the user's program has ended.
 */
async function main([name = "", program, ...command]: readonly string[]): Promise<ProgramEnd> {
  const image = findScriptImage(name);
  if (image === undefined || (program !== "train" && program !== "process")) {
    log("Usage: script-container.ts <repository>:<tag> train | process <command> [argument …]");
    return { exitCode: 2, signal: null, errors: "" };
  }
  // The user's program gets the signal too, as all of the process group do; we stay to tell how it ended.
  const termination = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => termination.abort());
  const { settings, rest: variables } = takeScriptSettings(process.env);
  const base = await findBase(variables["SAGEMAKER_BASE_DIR"] ?? CONTAINER_BASE);
  const own = join(base, ".environment");
  // What an attempt before a restart of this machine has left.
  await rm(own, { recursive: true, force: true });
  const context: ScriptContext = { image, settings, base, own, variables, signal: termination.signal };
  try {
    return program === "train" ? await trainScript(context) : await processScript(context, command);
  } catch (error) {
    if (termination.signal.aborted) return { exitCode: TERMINATED, signal: null, errors: "" };
    return await reportFailure(base, error as Error);
  }
}

/** `/opt/ml` where the job's directory is shown there, so that the user's program meets the paths that it knows. */
async function findBase(directory: string): Promise<string> {
  const [given, shown] = await Promise.all([stat(directory), stat(CONTAINER_BASE).catch(() => undefined)]);
  return shown?.dev === given.dev && shown.ino === given.ino ? CONTAINER_BASE : directory;
}

/** Why there is no result, in `output/failure` and the log. */
async function reportFailure(base: string, error: Error): Promise<ProgramEnd> {
  const kind = error instanceof ClientError ? "ClientError" : "InternalServerError";
  const reason = error instanceof UserScriptError ? error.message : `${kind}: ${error.message}`;
  log(kind === "InternalServerError" && !(error instanceof UserScriptError) ? (error.stack ?? reason) : reason);
  await mkdir(join(base, "output"), { recursive: true });
  await writeFile(join(base, "output", "failure"), reason);
  return error instanceof UserScriptError ? error.end : { exitCode: 1, signal: null, errors: "" };
}

const { exitCode, signal } = await main(process.argv.slice(2));
if (signal === null) process.exitCode = exitCode ?? 1;
else {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
