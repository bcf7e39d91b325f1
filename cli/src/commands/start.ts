import { readConfiguration, type SettingName, settings } from "@rondo/server/configuration";
import { CliError } from "../cli-error.ts";
import type { CliCommand } from "../command.ts";
import type { RunningApplication } from "../engine.ts";

const names = Object.keys(settings) as SettingName[];

/** Runs the server in the foreground until Ctrl-C. */
export const startCommand: CliCommand = {
  name: "start",
  summary:
    "Start the server here, in the foreground, and its applications; the first start trains and deploys their models",
  // --home is an option of every command.
  options: names
    .filter((name) => name !== "home")
    .map((name) => {
      const { flag, description, environment, default: value } = settings[name];
      const isSwitch = !flag.includes("<");
      const shown = isSwitch || value === "" ? environment : `${environment}; default ${value}`;
      return { flags: flag, description: `${description} (${shown})` };
    }),
  examples: [
    "rondo start",
    "rondo start --applications recommendations",
    "rondo start --no-bootstrap --port 5000",
    "RONDO_HOME=/var/lib/rondo rondo start",
  ],
  async run({ options: { json, ...options }, home, environment, engine, output, signal }) {
    const flags = Object.fromEntries(Object.entries({ ...options, home }).filter(([, value]) => value !== undefined));
    const configuration = readConfigurationOrExplain(flags, environment);
    if (output.isTerminal) signal.addEventListener("abort", () => output.write("\nStopping.\n"), { once: true });
    const { startServer, startApplication } = await engine();
    const server = await orInterrupted(startServer(configuration), signal);
    const running: RunningApplication[] = [];
    try {
      output.write(json ? "" : `Rondo listens on ${server.url}\n`);
      for (const name of configuration.applications) {
        running.push(await orInterrupted(startApplication(name, server, signal), signal));
      }
      const told =
        running.length === 0 ? ["Nothing is trained: --no-bootstrap."] : running.map((each) => each.description);
      const urls = Object.assign({}, ...running.map((application) => application.urls));
      const ready = { url: server.url, home: configuration.home, ...urls };
      output.result(ready, [...told, "Stop with Ctrl-C."].join("\n\n"));
      await aborted(signal);
    } finally {
      await Promise.allSettled(running.map((application) => application.close()));
      await server.close();
    }
  },
};

function readConfigurationOrExplain(flags: Parameters<typeof readConfiguration>[0], environment: NodeJS.ProcessEnv) {
  try {
    return readConfiguration(flags, environment);
  } catch (error) {
    throw new CliError("usage", error instanceof Error ? error.message : String(error));
  }
}

/** Ctrl-C reaches the programs that a start runs too, and what they say of it is of no use to anybody. */
async function orInterrupted<Value>(started: Promise<Value>, signal: AbortSignal): Promise<Value> {
  try {
    return await started;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CliError("interrupted", "Interrupted.", "The next start goes on where this one was.");
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
