import { setTimeout as delay } from "node:timers/promises";
import { createLogReader, Endpoint, type LogReader, type Session } from "@rondo/sdk";
import { CliError } from "../cli-error.ts";
import { type CliCommand, type Invocation, requiredArgument } from "../command.ts";
import { findJob, jobTypeOption, stateOf } from "../find-job.ts";

const POLL_MS = 1_000;

interface LogSource {
  readonly reader: LogReader;
  /** Whether no more lines will come. Throws when there is no such resource. */
  isOver(signal: AbortSignal): Promise<boolean>;
}

async function logsOfJob(name: string, session: Session, invocation: Invocation): Promise<LogSource> {
  const { job, type } = await findJob(name, session, invocation);
  return {
    reader: job.logReader(),
    async isOver() {
      const state = stateOf(await findJob(name, session, { ...invocation, options: { type } }));
      return state !== "InProgress" && state !== "Stopping";
    },
  };
}

function logsOfEndpoint(name: string, session: Session): LogSource {
  const endpoint = new Endpoint(name, session);
  const group = `/aws/sagemaker/Endpoints/${name}`;
  return {
    reader: createLogReader(session.logs, { group, streamPrefix: "" }),
    async isOver(signal) {
      const description = await endpoint.find(signal);
      if (description === undefined)
        throw new CliError("notFound", `There is no endpoint ${name}.`, "`rondo endpoints` lists them.");
      return false;
    },
  };
}

async function printNewLines({ output, options, signal }: Invocation, reader: LogReader): Promise<void> {
  for await (const line of reader.read(signal)) {
    if (options.json === true) output.write(`${JSON.stringify(line)}\n`);
    else output.write(`${line.message.replace(/\n$/, "")}\n`);
  }
}

/** Prints the log of a job or endpoint. */
export const logsCommand: CliCommand = {
  name: "logs",
  summary: "Print the log of a job or an endpoint; with --json one object a line",
  arguments: { "<name>": "name of the training or processing job; with --endpoint of the endpoint" },
  options: [
    { flags: "-f, --follow", description: "go on until the job ends or Ctrl-C" },
    jobTypeOption,
    { flags: "-e, --endpoint", description: "the name is an endpoint's" },
  ],
  examples: ["rondo logs -f sentiment-1a2b3c4d", "rondo logs --endpoint sentiment"],
  async run(invocation) {
    const { options, signal } = invocation;
    using session = await invocation.session();
    const name = requiredArgument(invocation, 0);
    const source =
      options.endpoint === true ? logsOfEndpoint(name, session) : await logsOfJob(name, session, invocation);
    for (;;) {
      const isOver = await source.isOver(signal);
      await printNewLines(invocation, source.reader);
      if (isOver || options.follow !== true) return;
      await delay(POLL_MS, undefined, { signal });
    }
  },
};
