import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** What `input/config/inputdataconfig.json` says of a channel. */
export interface ChannelConfiguration {
  readonly ContentType?: string;
  readonly TrainingInputMode?: string;
}

/** Undefined when the job has no such channel. */
export async function readChannelConfiguration(
  directory: string,
  channel: string,
): Promise<ChannelConfiguration | undefined> {
  const path = join(directory, "input", "config", "inputdataconfig.json");
  const text = await readFile(path, "utf8").catch(ignoreMissing);
  const channels = JSON.parse(text ?? "{}") as Readonly<Record<string, ChannelConfiguration>>;
  return channels[channel];
}

/** A channel's files, also those in folders, in the order of their names, without hidden ones; undefined when there is no such channel. */
export async function listChannelFiles(directory: string, channel: string): Promise<string[] | undefined> {
  const root = join(directory, "input", "data", channel);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(ignoreMissing);
  return entries
    ?.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|\/)\./.test(relative(root, path)))
    .sort();
}

/** For `catch`: a file or folder that is not there is undefined. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
