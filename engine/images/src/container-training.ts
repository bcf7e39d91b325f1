import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "./client-error.ts";
import type { BuiltInImage } from "./image.ts";
import { reportFailure } from "./report-failure.ts";
import { threadsOf } from "./threads-of.ts";

export interface ContainerEnvironment {
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock: { now(): Date };
  log(line: string): void;
}

/** `train` of the container contract; returns the exit code. What went wrong is in `output/failure`. */
export async function runTraining(image: BuiltInImage, environment: ContainerEnvironment): Promise<number> {
  const { directory, variables, signal, clock, log } = environment;
  log("Arguments: train");
  return await reportFailure(environment, async () => {
    const hyperparameters = await readHyperparameterFile(directory);
    await mkdir(join(directory, "model"), { recursive: true });
    try {
      await image.train({ directory, hyperparameters, signal, clock, log, threads: threadsOf(variables) });
    } catch (error) {
      if (!signal.aborted || (error as Error).name !== "AbortError") throw error;
      log("Training was stopped before anything was learned.");
    }
  });
}

async function readHyperparameterFile(directory: string): Promise<Record<string, string>> {
  const path = join(directory, "input", "config", "hyperparameters.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null)
    throw new ClientError("hyperparameters.json is not a JSON object.");
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value !== "string")
      throw new ClientError(`Hyperparameter ${name} is not a string in hyperparameters.json.`);
  }
  return parsed as Record<string, string>;
}
