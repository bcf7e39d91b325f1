import { runServing } from "./container-serving.ts";
import { type ContainerEnvironment, runTraining } from "./container-training.ts";
import { builtInImages } from "./find-image.ts";

/**
 * The program of every built-in image, `<repository> train|serve`, with SAGEMAKER_BASE_DIR standing for `/opt/ml`; returns the exit code.
 */
export async function runContainer([repository, program]: readonly string[]): Promise<number> {
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const image = builtInImages.find((candidate) => candidate.repository === repository);
  if (image === undefined || (program !== "train" && program !== "serve")) {
    const repositories = builtInImages.map((candidate) => candidate.repository).join("|");
    process.stderr.write(`Usage: container.ts ${repositories} train|serve\n`);
    return 2;
  }
  const termination = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => termination.abort());
  const environment: ContainerEnvironment = {
    directory: process.env["SAGEMAKER_BASE_DIR"] ?? "/opt/ml",
    variables: process.env,
    signal: termination.signal,
    clock: { now: () => new Date() },
    log,
  };
  if (program === "train") return runTraining(image, environment);
  return runServing(image, environment);
}
