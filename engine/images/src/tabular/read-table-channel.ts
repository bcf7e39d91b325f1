import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  type CsvOptions,
  readCsv,
  readJsonLines,
  readLibsvm,
  readParquet,
  readRecordIo,
  type Table,
  type TableFile,
  type TableOptions,
} from "@rondo/learn";
import { ignoreMissing, listChannelFiles, readChannelConfiguration } from "../channel-files.ts";
import { ClientError } from "../client-error.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { mediaTypes, parseTabularType, type TabularFormat, type TabularType } from "./tabular-type.ts";

const CHUNK_BYTES = 1 << 20;

export interface TableChannelOptions extends TableOptions, Pick<CsvOptions, "labelMayBeFirst"> {
  /** What the image reads; the first is what a channel without a content type holds. */
  readonly formats: readonly [TabularFormat, ...TabularFormat[]];
  /** Aborted: reading ends within a second with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * All of a channel as one table, read by the channel's content type; `label_size` there goes before `labelColumns`. Undefined when the job has no such
 * channel. Throws ClientError when the channel is empty, its content type none of the image's, or what is in it cannot be read; and the signal's reason.
 */
export async function readTableChannel(
  directory: string,
  channel: string,
  options: TableChannelOptions,
): Promise<Table | undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  const files = (await findPipe(directory, channel, signal)) ?? (await findFiles(directory, channel, signal));
  if (files === undefined) return undefined;
  if (files.length === 0) throw new ClientError(`The channel ${channel} is empty: it has no file.`);
  const configuration = await readChannelConfiguration(directory, channel);
  const type = channelType(channel, configuration?.ContentType, options);
  const labelColumns = labelColumnsOf(channel, type, options);
  const labelMayBeFirst = options.labelMayBeFirst === true && type.labelSize === undefined;
  return inUserTerms(() => readers[type.format](files, { ...options, labelColumns, labelMayBeFirst }));
}

interface ChannelFile extends TableFile {
  readonly path: string;
}

type Reader = (files: readonly ChannelFile[], options: TableChannelOptions) => Promise<Table>;

const readers: Readonly<Record<TabularFormat, Reader>> = {
  csv: readCsv,
  libsvm: readLibsvm,
  "recordio-protobuf": readRecordIo,
  jsonlines: readJsonLines,
  json: () => {
    throw new ClientError("A channel holds JSON lines (application/jsonlines), not one JSON document.");
  },
  parquet: async (files, options) => {
    if (files.some(({ byteLength }) => byteLength === undefined)) {
      throw new ClientError("Parquet cannot be read in Pipe mode; use File or FastFile.");
    }
    return await readParquet(files, options, options.signal);
  },
};

/** In Pipe mode a channel is a stream of all its files, in a named pipe for each time that it is read. */
async function findPipe(
  directory: string,
  channel: string,
  signal: AbortSignal | undefined,
): Promise<ChannelFile[] | undefined> {
  const name = `${channel}_0`;
  const path = join(directory, "input", "data", name);
  const found = await stat(path).catch(ignoreMissing);
  return found?.isFIFO() === true ? [{ name, path, chunks: readChunks(path, signal) }] : undefined;
}

async function findFiles(
  directory: string,
  channel: string,
  signal: AbortSignal | undefined,
): Promise<ChannelFile[] | undefined> {
  const root = join(directory, "input", "data");
  const paths = await listChannelFiles(directory, channel);
  return paths === undefined
    ? undefined
    : Promise.all(
        paths.map(async (path) => {
          const { size } = await stat(path);
          return { name: relative(root, path), path, chunks: readChunks(path, signal), byteLength: size };
        }),
      );
}

function channelType(channel: string, contentType: string | undefined, { formats }: TableChannelOptions): TabularType {
  if (contentType === undefined) return { format: formats[0], labelSize: undefined, parameters: new Map() };
  const type = parseTabularType(contentType);
  if (type !== undefined && formats.includes(type.format)) return type;
  const supported = formats.map((format) => mediaTypes[format]).join(", ");
  throw new ClientError(
    `The content type ${contentType} of the channel ${channel} is not supported; supported are ${supported}.`,
  );
}

function labelColumnsOf(channel: string, { labelSize }: TabularType, options: TableChannelOptions): 0 | 1 {
  if (labelSize === undefined) return options.labelColumns ?? 1;
  if (labelSize !== 0 && labelSize !== 1) {
    throw new ClientError(`The label_size of the channel ${channel} must be 0 or 1, not ${labelSize}.`);
  }
  return labelSize;
}

/** Opens the file when the first chunk is asked for: a channel may have more files than a process may open. */
async function* readChunks(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal }) as AsyncIterable<Buffer>) {
    // What a pipe or the system had ready came without a look at the signal.
    signal?.throwIfAborted();
    yield chunk;
  }
}
