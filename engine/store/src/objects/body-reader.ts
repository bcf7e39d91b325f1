import { Readable } from "node:stream";
import type { Bodies } from "./bodies.ts";
import type { ByteRange } from "./objects.ts";

/** One of the bodies that follow one another in an object. */
export interface BodyPiece {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** Reads bodies, and knows which of them are being read: those must not be removed yet. */
export interface BodyReader {
  read(pieces: readonly BodyPiece[], range: ByteRange): Promise<Readable>;
  isBeingRead(id: string): boolean;
}

/** Streams objects out of a home of bodies. */
export function createBodyReader(bodies: Bodies): BodyReader {
  const readers = new Map<string, number>();

  const track = (stream: Readable, ids: readonly string[]): Readable => {
    for (const id of ids) readers.set(id, (readers.get(id) ?? 0) + 1);
    stream.once("close", () => {
      for (const id of ids) {
        const left = (readers.get(id) ?? 1) - 1;
        if (left === 0) readers.delete(id);
        else readers.set(id, left);
      }
    });
    return stream;
  };

  return {
    async read(pieces, range) {
      const needed = piecesWithin(pieces, range);
      const [first] = needed;
      if (first === undefined) return Readable.from([], { objectMode: false });
      // One piece is opened before the answer begins, so that its absence is an error and not half a body.
      const stream =
        needed.length === 1
          ? await bodies.read(first.id, first.range)
          : Readable.from(concatenate(bodies, needed), { objectMode: false });
      return track(
        stream,
        needed.map((piece) => piece.id),
      );
    },
    isBeingRead: (id) => readers.has(id),
  };
}

interface NeededPiece {
  readonly id: string;
  readonly range: ByteRange;
}

/** The pieces that a range touches, and which of their bytes. */
function piecesWithin(pieces: readonly BodyPiece[], range: ByteRange): NeededPiece[] {
  const needed: NeededPiece[] = [];
  let at = 0;
  for (const { id, size } of pieces) {
    const start = Math.max(range.start - at, 0);
    const end = Math.min(range.end - at, size - 1);
    if (start <= end) needed.push({ id, range: { start, end } });
    at += size;
  }
  return needed;
}

async function* concatenate(bodies: Bodies, pieces: readonly NeededPiece[]): AsyncGenerator<Uint8Array> {
  for (const { id, range } of pieces) yield* await bodies.read(id, range);
}
