import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  readCsv,
  readJsonLines,
  readLibsvm,
  readRecordIo,
  type Table,
  type TableFile,
  type TableOptions,
} from "@rondo/learn";
import { listChannelFiles, readChannelConfiguration } from "../channel-files.ts";
import { ClientError } from "../client-error.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { mediaTypes, parseTabularType, type TabularFormat, type TabularType } from "./tabular-type.ts";

const CHUNK_BYTES = 1 << 20;

export interface TableChannelOptions extends TableOptions {
  /** What the image reads; the first is what a channel without a content type holds. */
  readonly formats: readonly [TabularFormat, ...TabularFormat[]];
}

/**
 * All files of a channel as one table, read by the channel's content type; `label_size` there goes before `labelColumns`. Undefined when the job has no
 * such channel. Throws ClientError when the channel is empty, its content type none of the image's, or what is in it cannot be read.
 */
export async function readTableChannel(
  directory: string,
  channel: string,
  options: TableChannelOptions,
): Promise<Table | undefined> {
  const paths = await listChannelFiles(directory, channel);
  if (paths === undefined) return undefined;
  if (paths.length === 0) throw new ClientError(`The channel ${channel} is empty: it has no file.`);
  const configuration = await readChannelConfiguration(directory, channel);
  const type = channelType(channel, configuration?.ContentType, options);
  const labelColumns = labelColumnsOf(channel, type, options);
  const root = join(directory, "input", "data");
  const files = await Promise.all(paths.map((path) => describeFile(root, path)));
  return inUserTerms(() => readers[type.format](files, { ...options, labelColumns }));
}

const readers: Readonly<Record<TabularFormat, (files: readonly TableFile[], options: TableOptions) => Promise<Table>>> =
  {
    csv: readCsv,
    libsvm: readLibsvm,
    "recordio-protobuf": readRecordIo,
    jsonlines: readJsonLines,
    json: () => {
      throw new ClientError("A channel holds JSON lines (application/jsonlines), not one JSON document.");
    },
    parquet: () => {
      throw new ClientError("Parquet is not read yet.");
    },
  };

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

async function describeFile(root: string, path: string): Promise<TableFile> {
  const { size } = await stat(path);
  return { name: relative(root, path), chunks: readChunks(path), byteLength: size };
}

/** Opens the file when the first chunk is asked for: a channel may have more files than a process may open. */
async function* readChunks(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
}
