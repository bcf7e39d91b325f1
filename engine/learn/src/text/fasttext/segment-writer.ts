/** Int32 runs in shared segments; a run longer than a segment gets one of its own. */
export class SegmentWriter {
  current: Int32Array = new Int32Array(0);
  readonly #segments: Int32Array[] = [];
  readonly #length: number;
  #used = 0;

  /** `length`: int32 of a segment. Default 1 MiB, some 10 ms of supervised training, so that a thread looks up often enough whether it should stop. */
  constructor(length = 1 << 18) {
    this.#length = length;
  }

  /** Room for a run of this length in `current`; returns its offset. */
  reserve(length: number): number {
    if (this.#used + length > this.current.length) {
      this.#close();
      this.current = new Int32Array(new SharedArrayBuffer(Math.max(this.#length, length) * 4));
    }
    const offset = this.#used;
    this.#used += length;
    return offset;
  }

  finish(): Int32Array[] {
    this.#close();
    return this.#segments;
  }

  #close(): void {
    if (this.#used > 0) this.#segments.push(this.current.subarray(0, this.#used));
    this.#used = 0;
  }
}
