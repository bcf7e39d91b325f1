import type { Engine } from "../engine.ts";
import { runCli } from "../program.ts";

/** What one command line printed and ended with. */
export interface CommandLineResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLineOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly engine?: Engine;
  readonly input?: string;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  /** Called with each piece of standard output as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a command line in this process, as a pipe sees it unless `isTTY`. */
export async function runCommandLine(
  commandLine: readonly string[],
  options: CommandLineOptions = {},
): Promise<CommandLineResult> {
  let stdout = "";
  let stderr = "";
  const isTTY = options.isTTY ?? false;
  const exitCode = await runCli(commandLine, {
    environment: options.environment ?? {},
    stdout: {
      isTTY,
      write: (text) => {
        stdout += text;
        options.onOutput?.(text);
      },
    },
    stderr: {
      isTTY,
      write: (text) => {
        stderr += text;
      },
    },
    signal: options.signal ?? new AbortController().signal,
    loadEngine: () =>
      options.engine === undefined
        ? Promise.reject(new Error("This test brings no engine."))
        : Promise.resolve(options.engine),
    readInput: () => Promise.resolve(options.input ?? ""),
  });
  return { exitCode, stdout, stderr };
}
