import { DataError } from "../algorithm.ts";

const NEWLINE = 0x0a;
const MAXIMUM_LINE_BYTES = 64 * 1024 ** 2;

/**
 * Text in pieces that end where a line ends (the last one where the text ends); a piece is good until the next is asked
 * for. Throws DataError for a line above 64 MiB.
 */
export async function* wholeLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const cut = chunk.lastIndexOf(NEWLINE) + 1;
    if (cut === 0) {
      rest.push(Buffer.from(chunk));
      restBytes += chunk.length;
      if (restBytes > MAXIMUM_LINE_BYTES) throw new DataError("A line of the text is longer than 64 MiB.");
      continue;
    }
    const head = chunk.subarray(0, cut);
    yield rest.length === 0 ? head : Buffer.concat([...rest, head]);
    rest = cut < chunk.length ? [Buffer.from(chunk.subarray(cut))] : [];
    restBytes = chunk.length - cut;
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}
