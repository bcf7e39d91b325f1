import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { type CliCommand, requiredArgument, textOption } from "../command.ts";

/** Film sentences that are there for feedback (apps/sentiment/Dataset). */
const MOST_FEEDBACK = 6_000;

function readNumber(text: string | undefined, name: string, range: { readonly least: number; readonly most: number }) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= range.least && number <= range.most) return number;
  throw new CliError("usage", `${name} is "${text}".`, `It should be a number from ${range.least} to ${range.most}.`);
}

/** Runs an application's whole loop. */
export const loopCommand: CliCommand = {
  name: "loop",
  summary: "Show a model getting better from feedback: traffic, corrections, retraining, gate, rollout, report",
  arguments: { "<application>": "sentiment" },
  options: [
    { flags: "--sentiment-port <number>", description: "where the inference service listens", default: "8000" },
    { flags: "--feedback <number>", description: "sentences that users correct", default: "4000" },
  ],
  examples: ["rondo loop sentiment", "rondo loop sentiment --feedback 2000"],
  async run(invocation) {
    const { output, home, engine, signal } = invocation;
    const application = requiredArgument(invocation, 0);
    if (application !== "sentiment") {
      throw new CliError("usage", `There is no loop of "${application}".`, "There is one of sentiment.");
    }
    const port = readNumber(textOption(invocation, "sentimentPort"), "--sentiment-port", { least: 1, most: 65_529 });
    const feedbackTexts = readNumber(textOption(invocation, "feedback"), "--feedback", {
      least: 100,
      most: MOST_FEEDBACK,
    });
    const { runLoop } = await engine();
    const { report, lines, page } = await runLoop({
      port: port ?? 8000,
      feedbackTexts,
      folder: join(home, "sentiment", "reports"),
      signal,
      onProgress: ({ phase, fraction, detail }) => {
        if (output.isTerminal && fraction === 1) output.write(`${phase}: ${detail}\n`);
      },
    }).catch((error: unknown) => {
      if (error instanceof Error && error.name === "ServiceCallError") {
        const outcome = error.cause === undefined ? "failure" : "unreachable";
        throw new CliError(outcome, error.message, "Is `rondo start` running? The loop talks to its seven services.");
      }
      throw error;
    });
    output.result({ page, report }, `\n${lines.join("\n")}\n\nThe report: ${page}`);
  },
};
