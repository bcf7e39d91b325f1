/** Protocol Buffers' wire types. */
const VARINT = 0;
const FIXED_64 = 1;
export const BYTES = 2;
const FIXED_32 = 5;

/** Bytes that are no message; the reader's caller knows where they are. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Fields of Protocol Buffers messages, read in place. */
export interface WireReader {
  position: number;
  readonly bytes: Uint8Array;
  /** A varint as a number; above 2⁵³ it is no longer exact. Throws WireError at `end`. */
  varint(end: number): number;
  /** A varint's lower 32 bits, signed: a negative int32 is written as ten bytes. */
  int32(end: number): number;
  float32(end: number): number;
  float64(end: number): number;
  /** The end of a length-delimited field that begins here. Throws WireError beyond `end`. */
  lengthDelimited(end: number): number;
  /** Throws WireError for a wire type that there is not. */
  skip(wireType: number, end: number): void;
}

/** Reads from `position` on. */
export function createWireReader(bytes: Uint8Array, position: number): WireReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    bytes,
    position,
    varint(end) {
      let value = 0;
      let scale = 1;
      for (;;) {
        if (this.position >= end) throw new WireError("it is cut off");
        const byte = bytes[this.position++];
        value += (byte & 0x7f) * scale;
        if (byte < 0x80) return value;
        scale *= 128;
        if (scale > 2 ** 63) throw new WireError("a varint is too long");
      }
    },
    int32(end) {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        if (this.position >= end || shift > 63) throw new WireError("a varint is cut off or too long");
        const byte = bytes[this.position++];
        if (shift < 32) value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
    },
    float32(end) {
      if (end - this.position < 4) throw new WireError("it is cut off");
      this.position += 4;
      return view.getFloat32(this.position - 4, true);
    },
    float64(end) {
      if (end - this.position < 8) throw new WireError("it is cut off");
      this.position += 8;
      return view.getFloat64(this.position - 8, true);
    },
    lengthDelimited(end) {
      const length = this.varint(end);
      if (length > end - this.position) throw new WireError("it is cut off");
      return this.position + length;
    },
    skip(wireType, end) {
      if (wireType === VARINT) this.varint(end);
      else if (wireType === FIXED_64) this.position += 8;
      else if (wireType === BYTES) this.position = this.lengthDelimited(end);
      else if (wireType === FIXED_32) this.position += 4;
      else throw new WireError(`there is no wire type ${wireType}`);
      if (this.position > end) throw new WireError("it is cut off");
    },
  };
}
