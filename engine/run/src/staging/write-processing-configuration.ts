import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HOST } from "./write-configuration.ts";

export interface ProcessingConfiguration {
  /** The job as `config/processingjobconfig.json` shows it. */
  readonly job: object;
  /** Folders that the program finds, below what stands for `/opt/ml`. */
  readonly folders: readonly string[];
}

/** Makes the tree that stands for `/opt/ml` and writes the files that SageMaker's processing containers read. */
export async function writeProcessingConfiguration(
  directory: string,
  { job, folders }: ProcessingConfiguration,
): Promise<void> {
  for (const folder of ["config", "processing", "output", "tmp", ...folders]) {
    await mkdir(join(directory, folder), { recursive: true });
  }
  const files = {
    "processingjobconfig.json": job,
    "resourceconfig.json": { current_host: HOST, hosts: [HOST] },
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, "config", name), JSON.stringify(content));
  }
}
