import { runServing } from "./container-serving.ts";
import { type ContainerEnvironment, runTraining } from "./container-training.ts";
import { builtInImages } from "./find-image.ts";

/**
 * The program of every built-in image, `<repository> train|serve`, and those of Amazon Personalize, `personalize <name>`, with SAGEMAKER_BASE_DIR standing
 * for `/opt/ml`; returns the exit code.
 */
export async function runContainer([repository, program]: readonly string[]): Promise<number> {
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const termination = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => termination.abort());
  const environment: ContainerEnvironment = {
    directory: process.env["SAGEMAKER_BASE_DIR"] ?? "/opt/ml",
    variables: process.env,
    signal: termination.signal,
    clock: { now: () => new Date() },
    log,
  };
  if (repository === "personalize") {
    const { runPersonalize } = await import("./personalize/run-personalize.ts");
    return await runPersonalize(program ?? "", environment);
  }
  const image = builtInImages.find((candidate) => candidate.repository === repository);
  if (image === undefined || (program !== "train" && program !== "serve")) {
    const repositories = builtInImages.map((candidate) => candidate.repository).join("|");
    process.stderr.write(`Usage: container.ts ${repositories} train|serve\n`);
    return 2;
  }
  if (program === "train") return runTraining(image, environment);
  return runServing(image, environment);
}
