import { readConfiguration } from "@rondo/server/configuration";
import { CliError } from "../cli-error.ts";
import type { CliCommand } from "../command.ts";

/** Looks at the server's home, with or without a server. */
export const doctorCommand: CliCommand = {
  name: "doctor",
  summary: "Say what is in the server's home, how large it is, and what is wrong",
  examples: ["rondo doctor", "rondo doctor --home /var/lib/rondo --json"],
  async run({ home, environment, engine, output }) {
    const { diagnose } = await engine();
    const { checks } = await diagnose(readConfiguration({ home }, environment));
    output.rows(
      checks,
      [
        { title: "CHECK", value: ({ name }) => name },
        { title: "STATE", value: ({ state }) => state },
        { title: "DETAIL", value: ({ detail, advice }) => (advice === undefined ? detail : `${detail} ${advice}`) },
      ],
      "There is nothing to check.",
    );
    const broken = checks.filter(({ state }) => state === "error").map(({ name }) => name);
    if (broken.length > 0) throw new CliError("failure", `Something is wrong: ${broken.join(", ")}.`);
  },
};
