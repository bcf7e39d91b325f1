import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** Files of each channel: name → content. */
export type ChannelFiles = Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;

/** A directory that stands for `/opt/ml`, removed when disposed of. */
export async function createContainerDirectory(
  hyperparameters: Readonly<Record<string, string>>,
  channels: ChannelFiles,
  contentType?: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "image-suite-"));
  const files: Record<string, string | Uint8Array> = {
    "input/config/hyperparameters.json": JSON.stringify(hyperparameters),
  };
  const configuration: Record<string, object> = {};
  for (const [channel, contents] of Object.entries(channels)) {
    configuration[channel] = {
      ...(contentType === undefined ? {} : { ContentType: contentType }),
      TrainingInputMode: "File",
      S3DistributionType: "FullyReplicated",
      RecordWrapperType: "None",
    };
    for (const [name, content] of Object.entries(contents)) files[`input/data/${channel}/${name}`] = content;
  }
  files["input/config/inputdataconfig.json"] = JSON.stringify(configuration);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface ContainerProcess extends AsyncDisposable {
  /** Everything it has written, line by line. */
  readonly lines: readonly string[];
  /** The first line that matches, past or future; throws when the program ends or a minute passes without one. */
  waitForLine(pattern: RegExp): Promise<RegExpMatchArray>;
  terminate(): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

const DEADLINE_MS = 60_000;

/** Runs an image's program on a directory that stands for `/opt/ml`. */
export function startContainer(
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>> = {},
): ContainerProcess {
  const [executable = "", ...programArguments] = command;
  const child: ChildProcess = spawn(executable, programArguments, {
    env: { ...process.env, SAGEMAKER_BASE_DIR: directory, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MS,
  });
  const lines: string[] = [];
  const changes = new EventTarget();
  const note = (line: string): void => {
    lines.push(line);
    changes.dispatchEvent(new Event("line"));
  };
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on("line", note);
  const ended = once(child, "close").then(([code]) => {
    changes.dispatchEvent(new Event("line"));
    return code as number | null;
  });
  return {
    lines,
    ended,
    async waitForLine(pattern) {
      for (;;) {
        const match = lines.map((line) => line.match(pattern)).find((found) => found !== null);
        if (match !== undefined) return match;
        if (child.exitCode !== null)
          throw new Error(`The program ended without a line ${pattern}:\n${lines.join("\n")}`);
        await once(changes, "line", { signal: AbortSignal.timeout(DEADLINE_MS) });
      }
    },
    terminate: () => void child.kill("SIGTERM"),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
