import { text } from "node:stream/consumers";
import { OutputClosed } from "./cli-error.ts";
import { loadEngine } from "./load-engine.ts";
import { runCli } from "./program.ts";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());

// `rondo jobs | head` closes the pipe early: that is no error, and `rondo start | head` stops the server in order.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  interruption.abort(new OutputClosed());
});

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  loadEngine,
  readInput: () => text(process.stdin),
});
