import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..", "..", ".cache", "peers");
/** What every peer program reads its data with. */
const BASE = ["numpy==2.4.6", "scipy==1.17.1", "pandas==3.1.1"];

/**
 * The Python of a virtual environment that has exactly these packages, made by pip at the first call and kept under `.cache/peers/`. Takes RONDO_BENCH_PYTHON
 * as it is when that is set. Throws with pip's words when it fails.
 */
export async function peerEnvironment(requirements: readonly string[], log: (line: string) => void): Promise<string> {
  const given = process.env["RONDO_BENCH_PYTHON"];
  if (given !== undefined) return given;
  const packages = [...new Set([...BASE, ...requirements])].toSorted();
  const key = createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 12);
  const directory = join(ROOT, key);
  const python = join(directory, "bin", "python");
  const complete = join(directory, "complete");
  if (existsSync(complete)) return python;
  log(`Installing the peers: ${packages.join(" ")}`);
  await rm(directory, { recursive: true, force: true });
  await mkdir(ROOT, { recursive: true });
  await execute("python3", ["-m", "venv", directory]);
  await execute(python, ["-m", "pip", "install", "--quiet", ...packages], { maxBuffer: 2 ** 26 });
  await writeFile(complete, `${packages.join("\n")}\n`);
  return python;
}
