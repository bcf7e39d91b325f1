import type { Session } from "@rondo/sdk";
import type { Engine } from "./engine.ts";
import type { Output } from "./output.ts";

/** One command: what `--help` says of it, and what it does. A new one is a file in commands/ and a line in commands.ts. */
export interface CliCommand {
  /** `status`, or `jobs list` for a command in a group. */
  readonly name: string;
  readonly summary: string;
  /** In commander's form: `<name>` required, `[name]` optional, `[names...]` any number. */
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options?: readonly CliOption[];
  /** Whole lines, shown under --help. */
  readonly examples: readonly string[];
  run(invocation: Invocation): Promise<void>;
}

export interface CliOption {
  /** In commander's form: `-f, --follow`, `--limit <number>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
}

/** One run of a command. */
export interface Invocation {
  readonly arguments: readonly (string | undefined)[];
  /** Of the command itself, by commander's camel-case name; absent when not given and without a default. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly output: Output;
  /** Folder of the server's state, as given. */
  readonly home: string;
  /** Where the AWS APIs are. */
  readonly endpointUrl: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Clients with the credentials that are there: the environment's, else those of the home. */
  session(): Promise<Session>;
  /** Loads the server's program, which most commands do without. */
  engine(): Promise<Engine>;
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** The argument at `index`, which commander has checked to be there. */
export function requiredArgument({ arguments: given }: Invocation, index: number): string {
  const value = given[index];
  if (value === undefined) throw new Error(`Argument ${index + 1} is missing although it was declared as required.`);
  return value;
}

/** A text option; undefined when it was not given. */
export function textOption({ options }: Invocation, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}
