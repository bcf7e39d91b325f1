import { FormatError } from "../../algorithm.ts";

/** Reads little-endian values one after the other. Throws FormatError at the end of the bytes, and for lengths that go beyond it before anything is allocated. */
export class BinaryCursor {
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#view.byteLength - this.#position;
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  float32(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  /** The number of things of `size` bytes that follow. */
  length(size: number): number {
    const length = Number(this.#view.getBigUint64(this.#take(8), true));
    if (length * size > this.remaining) throw this.#damage("a length beyond the end of the file");
    return length;
  }

  text(): string {
    const length = this.length(1);
    const start = this.#take(length);
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + start, length).toString("utf8");
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  #take(bytes: number): number {
    const start = this.#position;
    if (bytes > this.remaining) throw this.#damage("the file is cut off");
    this.#position += bytes;
    return start;
  }

  #damage(what: string): FormatError {
    return new FormatError(`The model file is damaged at byte ${this.#position}: ${what}.`);
  }
}
