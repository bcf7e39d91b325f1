import { type EncodedModel, FormatError } from "../algorithm.ts";

const LONGEST_WORD = 1 << 20;

/**
 * Little-endian values out of a file that comes in pieces. `need` first, then read that many bytes. Throws FormatError
 * where the file ends.
 */
export class ByteReader {
  /** Bytes of the file that were not read yet. */
  remaining: number;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #buffer: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(file: EncodedModel) {
    this.remaining = file.byteLength;
    this.#chunks =
      Symbol.asyncIterator in file.chunks ? file.chunks[Symbol.asyncIterator]() : file.chunks[Symbol.iterator]();
  }

  async need(bytes: number): Promise<void> {
    const pieces = [this.#buffer.subarray(this.#position)];
    let available = pieces[0].length;
    if (available >= bytes) return;
    while (available < bytes) {
      const next = await this.#chunks.next();
      if (next.done === true) throw new FormatError("The model file is cut off.");
      pieces.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
      available += next.value.byteLength;
    }
    this.#buffer = Buffer.concat(pieces);
    this.#position = 0;
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  int32(): number {
    return this.#buffer.readInt32LE(this.#take(4));
  }

  int32s(count: number): number[] {
    return Array.from({ length: count }, () => this.int32());
  }

  int64(): number {
    return Number(this.#buffer.readBigInt64LE(this.#take(8)));
  }

  float64(): number {
    return this.#buffer.readDoubleLE(this.#take(8));
  }

  float32s(count: number): Float32Array {
    const start = this.#take(count * 4);
    return new Float32Array(new Uint8Array(this.#buffer.subarray(start, start + count * 4)).buffer);
  }

  /** So many bytes; valid until the next read. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#buffer.subarray(start, start + count);
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  /** The bytes before the next zero, which is skipped. */
  async untilZero(): Promise<Uint8Array> {
    let end = this.#buffer.indexOf(0, this.#position);
    while (end < 0) {
      const known = this.#buffer.length - this.#position;
      if (known > LONGEST_WORD) throw new FormatError("The dictionary of the model file is damaged.");
      await this.need(known + 1);
      end = this.#buffer.indexOf(0, this.#position);
    }
    const length = end - this.#position;
    const start = this.#take(length + 1);
    return Uint8Array.prototype.slice.call(this.#buffer, start, start + length);
  }

  #take(bytes: number): number {
    const start = this.#position;
    this.#position += bytes;
    this.remaining -= bytes;
    return start;
  }
}
