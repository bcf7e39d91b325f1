import { createReadStream } from "node:fs";
import { ClientError } from "./client-error.ts";

const CHUNK_BYTES = 1 << 20;
/** Characters of one line: a text of some hundred pages. A file without line ends would otherwise fill the memory. */
export const MOST_CHARACTERS = 4 * 1024 ** 2;

export interface TextLine {
  readonly line: string;
  /** `Line 7 of /opt/ml/input/data/train/a.txt`: for messages. */
  readonly where: string;
}

/** The lines of a file in UTF-8, without their ends and a byte order mark; empty ones are left out. Throws ClientError for a line above `MOST_CHARACTERS`. */
export async function* readTextLines(file: string): AsyncGenerator<TextLine> {
  let number = 0;
  let rest = "";
  const next = (line: string): TextLine => {
    number++;
    const where = `Line ${number} of ${file}`;
    if (line.length > MOST_CHARACTERS) throw new ClientError(`${where} is longer than ${MOST_CHARACTERS} characters.`);
    const start = number === 1 && line.startsWith("\uFEFF") ? 1 : 0;
    return { line: line.slice(start, line.endsWith("\r") ? -1 : undefined), where };
  };
  for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: CHUNK_BYTES })) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const given of lines) {
      const line = next(given);
      if (line.line.trim() !== "") yield line;
    }
    // What is too long already need not be read to its end.
    if (rest.length > MOST_CHARACTERS) next(rest);
  }
  const last = next(rest);
  if (last.line.trim() !== "") yield last;
}
