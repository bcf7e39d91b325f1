import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `/opt/ml`; elsewhere where the host cannot show a job's directory there and says so by SAGEMAKER_BASE_DIR. */
const BASE = process.env.SAGEMAKER_BASE_DIR ?? "/opt/ml";

/** Where a processing job's inputs and outputs are. */
export const PROCESSING = join(BASE, "processing");

/** Writes a file of one of the outputs. */
export async function writeOutput(folder: string, name: string, content: string): Promise<void> {
  await mkdir(join(PROCESSING, folder), { recursive: true });
  await writeFile(join(PROCESSING, folder, name), content);
}

/** SageMaker keeps that much of a job's last words. */
const MESSAGE_CHARACTERS = 1000;

/** Runs a processing job's program. A failure ends in the job's ExitMessage and, with where it happened, in its log. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const { message, stack } = error as Error;
    process.stderr.write(`${stack ?? String(error)}\n`);
    process.exitCode = 1;
    await mkdir(join(BASE, "output"), { recursive: true });
    await writeFile(join(BASE, "output", "message"), (message ?? String(error)).slice(0, MESSAGE_CHARACTERS));
  }
}
