import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { writeSparseFile } from "./sparse-file.ts";

/** What AWS's own algorithms call their artifact. */
export const FIRST_PARTY_MODEL_FILE = "model_algo-1";

/** Writes `model/<name>`, under its name only when it is complete: a killed job leaves no half model behind. */
export async function saveModel(directory: string, name: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const path = join(directory, "model", name);
  await mkdir(join(directory, "model"), { recursive: true });
  await writeSparseFile(`${path}.part`, pieces);
  await rename(`${path}.part`, path);
}
