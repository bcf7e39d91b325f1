import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isProcessAlive } from "@rondo/store";

/** `RONDO_HOME/server.json`: where the running server is, for the CLI and for `rondo doctor`. */
export interface ServerFile {
  readonly pid: number;
  readonly url: string;
  readonly startedAt: string;
}

export async function writeServerFile(path: string, content: ServerFile): Promise<void> {
  const temporary = `${path}.${content.pid}`;
  await writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

/** Undefined when there is none, or when what it names has ended without removing it. */
export async function readServerFile(path: string): Promise<ServerFile | undefined> {
  const content = await readFile(path, "utf8").then(parse, () => undefined);
  return content !== undefined && isProcessAlive(content.pid) ? content : undefined;
}

/** A file that a full disk or a power cut left half written names no server. */
function parse(text: string): ServerFile | undefined {
  try {
    const content = JSON.parse(text) as Partial<ServerFile>;
    const { pid, url, startedAt = "" } = content;
    return Number.isInteger(pid) && typeof url === "string" ? { pid: Number(pid), url, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

export async function removeServerFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
