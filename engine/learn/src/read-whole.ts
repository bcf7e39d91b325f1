import { type EncodedModel, FormatError } from "./algorithm.ts";

/** What Node holds in one buffer without trouble. */
const MAXIMUM_BYTES = 4 * 1024 ** 3;

/** The bytes of a model file in one piece. Throws FormatError for a file that is too large, or longer or shorter than it says. */
export async function readWhole({ chunks, byteLength }: EncodedModel, maximumBytes = MAXIMUM_BYTES): Promise<Buffer> {
  if (byteLength > maximumBytes) {
    throw new FormatError(`The model file has ${byteLength} bytes; at most ${maximumBytes} are read.`);
  }
  const bytes = Buffer.alloc(byteLength);
  let length = 0;
  for await (const chunk of chunks) {
    if (length + chunk.length > byteLength) {
      throw new FormatError(`The model file has more than its ${byteLength} bytes.`);
    }
    bytes.set(chunk, length);
    length += chunk.length;
  }
  if (length < byteLength) throw new FormatError(`The model file is cut off after ${length} of ${byteLength} bytes.`);
  return bytes;
}
