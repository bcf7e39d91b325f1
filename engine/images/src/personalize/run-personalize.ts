import { fileURLToPath } from "node:url";
import type { ContainerEnvironment } from "../container-training.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { reportFailure } from "../report-failure.ts";
import { threadsOf } from "../threads-of.ts";
import { readPersonalizeConfiguration } from "./configuration-file.ts";
import type { PersonalizeProgram } from "./program.ts";
import { type PersonalizeProgramName, personalizePrograms } from "./programs.ts";

const CONTAINER = fileURLToPath(new URL("../container.ts", import.meta.url));

const programs = new Map<string, () => Promise<PersonalizeProgram<never>>>(Object.entries(personalizePrograms));

/** Argument vector of a job's program, for a process whose environment has SAGEMAKER_BASE_DIR. */
export function personalizeCommand(name: PersonalizeProgramName): readonly string[] {
  return [process.execPath, CONTAINER, "personalize", name];
}

/** Runs the program of this name; returns the exit code. What went wrong is in `output/failure`. */
export async function runPersonalize(name: string, environment: ContainerEnvironment): Promise<number> {
  const { directory, signal, clock, log, variables } = environment;
  const load = programs.get(name);
  if (load === undefined) {
    log(`Usage: container.ts personalize ${[...programs.keys()].join("|")}`);
    return 2;
  }
  return await reportFailure(environment, async () => {
    // Each program is given what was written for it: the file names its program.
    const program = await load();
    const configuration = await readPersonalizeConfiguration(directory, name);
    const context = { directory, signal, clock, log, threads: threadsOf(variables) };
    await inUserTerms(() => program.run(configuration as never, context));
  });
}
