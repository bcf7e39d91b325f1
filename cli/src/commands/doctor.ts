import { readConfiguration } from "@rondo/server/configuration";
import { CliError } from "../cli-error.ts";
import type { CliCommand } from "../command.ts";

/** Looks at the server's home, or at an application's tables, with or without a server. */
export const doctorCommand: CliCommand = {
  name: "doctor",
  summary: "Say what is in the server's home, how large it is, and what is wrong; or the same of an application",
  arguments: { "[application]": "recommendations" },
  examples: ["rondo doctor", "rondo doctor recommendations", "rondo doctor --home /var/lib/rondo --json"],
  async run({ arguments: [application], home, environment, engine, output }) {
    if (application !== undefined && application !== "recommendations") {
      throw new CliError(
        "usage",
        `There is nothing to say of "${application}".`,
        "rondo doctor recommendations, or rondo doctor",
      );
    }
    const { diagnose, diagnoseRecommendations } = await engine();
    const look = application === undefined ? diagnose : diagnoseRecommendations;
    const { checks } = await look(readConfiguration({ home }, environment));
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
