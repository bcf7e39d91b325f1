import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { CliError, OutputClosed, toCliError } from "./cli-error.ts";
import type { CliCommand, Invocation } from "./command.ts";
import { commands } from "./commands.ts";
import { findEndpointUrl } from "./endpoint-url.ts";
import type { Engine } from "./engine.ts";
import { EXIT_CODES, type Outcome } from "./exit-code.ts";
import { openSession } from "./open-session.ts";
import { createOutput, type OutputStream } from "./output.ts";

/** What the process gives: real in main.ts, replaced in tests. */
export interface CliContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly signal: AbortSignal;
  loadEngine(): Promise<Engine>;
  readInput(): Promise<string>;
}

const { version: VERSION } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const DEFAULT_HOME = ".rondo";

const GROUPS: Readonly<Record<string, string>> = {
  jobs: "List, describe and stop jobs",
  pipelines: "List, start, draw, stop and retry pipelines",
  models: "List, describe, approve and reject models of the registry",
};

function exitCodeHelp(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`);
  return `\nExit codes:\n${lines.join("\n")}`;
}

function exampleHelp(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`;
}

interface GlobalOptions {
  readonly json: boolean;
  readonly endpointUrl?: string;
  readonly home: string;
}

/** Options given on the command line or having a default of their own; not commander's implied `true` of a `--no-…`. */
function givenOptions(command: Command): Invocation["options"] {
  return Object.fromEntries(
    Object.entries(command.opts<Invocation["options"]>()).filter(
      ([name, value]) => command.getOptionValueSource(name) === "cli" || typeof value === "string",
    ),
  );
}

function addCommand(program: Command, definition: CliCommand, context: CliContext): void {
  const [first = "", second] = definition.name.split(" ");
  let parent = program;
  if (second !== undefined) {
    const group = program.commands.find((command) => command.name() === first);
    parent = group ?? program.command(first).description(GROUPS[first] ?? "");
  }
  const isDefault = second !== undefined && parent.commands.length === 0;
  const command = parent.command(second ?? first, { isDefault });
  command.description(definition.summary).addHelpText("after", exampleHelp(definition.examples));
  for (const [name, description] of Object.entries(definition.arguments ?? {})) command.argument(name, description);
  for (const option of definition.options ?? []) command.option(option.flags, option.description, option.default);
  if (isDefault) command.allowExcessArguments();
  command.action(async () => {
    const isVariadic = command.registeredArguments.at(-1)?.variadic === true;
    if (!isVariadic && command.args.length > command.registeredArguments.length) {
      const siblings = parent.commands.map((sibling) => `${first} ${sibling.name()}`).join(", ");
      throw new CliError("usage", `There is no command "${first} ${command.args[0]}".`, `There are: ${siblings}.`);
    }
    const { json, ...source } = command.optsWithGlobals<GlobalOptions>();
    const { environment, stdout, signal } = context;
    const { home } = source;
    const endpointUrl = await findEndpointUrl(source, environment);
    await definition.run({
      arguments: command.processedArgs.flat() as (string | undefined)[],
      options: { ...givenOptions(command), json },
      output: createOutput(stdout, { json, environment }),
      home,
      endpointUrl,
      environment,
      signal,
      session: () => openSession({ endpointUrl, home, environment }),
      engine: () => context.loadEngine(),
      readInput: () => context.readInput(),
    });
  });
}

function createProgram(context: CliContext): Command {
  const { environment, stdout, stderr } = context;
  const program = new Command("rondo")
    .description("Rondo: the whole machine-learning loop on your own machine, behind the AWS APIs.")
    .version(VERSION, "-V, --version", "print the version")
    .option("--json", "print JSON instead of tables and sentences", false)
    .option(
      "--endpoint-url <url>",
      "where the AWS APIs are (AWS_ENDPOINT_URL; default: where the server of the home listens, else http://127.0.0.1:4700)",
    )
    .option(
      "--home <folder>",
      "the server's state; its key pair is used unless AWS_* variables name another (RONDO_HOME)",
      environment.RONDO_HOME ?? DEFAULT_HOME,
    )
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("Add --help for what there is.")
    .addHelpText("after", exampleHelp(["rondo start", "rondo jobs", "rondo logs -f <job>"]))
    .addHelpText("after", exitCodeHelp())
    .exitOverride();
  for (const definition of commands) addCommand(program, definition, context);
  return program;
}

/** Runs one command line, without the names of node and script, and returns the exit code. */
export async function runCli(commandLine: readonly string[], context: CliContext): Promise<number> {
  const program = createProgram(context);
  try {
    await program.parseAsync([...commandLine], { from: "user" });
    return EXIT_CODES.ok.code;
  } catch (error) {
    // commander has written its message already; 0 means that help was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
    if (context.signal.reason instanceof OutputClosed) return EXIT_CODES.ok.code;
    const { json, ...source } = program.opts<GlobalOptions>();
    const endpointUrl = await findEndpointUrl(source, context.environment);
    return reportError(toCliError(error, endpointUrl), json, context);
  }
}

function reportError(error: CliError, json: boolean, { stderr, environment }: CliContext): number {
  const output = createOutput(stderr, { json, environment });
  const { outcome, message, advice } = error;
  const headline = outcome === "interrupted" ? message : `${output.red("Error:")} ${message}`;
  const lines = [headline, ...(advice === undefined ? [] : [advice])];
  output.result({ error: { outcome, message, advice } }, lines.join("\n"));
  return exitCode(outcome);
}

function exitCode(outcome: Outcome): number {
  return EXIT_CODES[outcome].code;
}
