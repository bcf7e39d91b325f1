import { fileURLToPath } from "node:url";
import type { ScriptImage } from "./script-image.ts";

const CONTAINER = fileURLToPath(new URL("./script-container.ts", import.meta.url));

/**
 * What runs as the container's `train` in script mode: argument vector for a process whose environment has SAGEMAKER_BASE_DIR and `scriptEnvironment`.
 * Reads `input/config`, runs the entry point that the hyperparameter `sagemaker_program` names in `code`, and writes why it failed to `output/failure`.
 */
export function scriptTrainingCommand(image: ScriptImage): string[] {
  return [process.execPath, CONTAINER, nameOf(image), "train"];
}

/** What runs as a processing container: prepares the environment and then exactly `entrypointAndArguments`. */
export function scriptProcessingCommand(image: ScriptImage, entrypointAndArguments: readonly string[]): string[] {
  return [process.execPath, CONTAINER, nameOf(image), "process", ...entrypointAndArguments];
}

function nameOf({ repository, tag }: ScriptImage): string {
  return `${repository}:${tag}`;
}
