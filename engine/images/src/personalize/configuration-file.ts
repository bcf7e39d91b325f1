import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PersonalizeConfiguration, PersonalizeProgramName } from "./programs.ts";

const PATH = join("input", "config", "personalize.json");

/** Writes a job's configuration into what stands for its `/opt/ml`. */
export async function writePersonalizeConfiguration<Name extends PersonalizeProgramName>(
  directory: string,
  program: Name,
  configuration: PersonalizeConfiguration<Name>,
): Promise<void> {
  const path = join(directory, PATH);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ program, configuration }));
}

/** What was written for the program of this name. Throws Error when it is for another one: jobs and programs are of one version of Rondo. */
export async function readPersonalizeConfiguration(directory: string, name: string): Promise<object> {
  const { program, configuration } = JSON.parse(await readFile(join(directory, PATH), "utf8")) as {
    readonly program?: string;
    readonly configuration?: object;
  };
  if (program !== name || configuration === undefined) throw new Error(`${PATH} is for ${program}, not for ${name}.`);
  return configuration;
}
