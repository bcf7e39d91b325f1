import { serializationError } from "./serialization-error.ts";

/** Values of one body; a body of 50 MB that is nothing but empty maps would take gigabytes as objects. */
const mostValues = 1_000_000;

/** Refuses CBOR nested deeper than a limit before the recursive decoder sees it (RFC 8949, appendix C "Pseudocode for a well-formedness check"). */
export function checkCborNesting(bytes: Uint8Array, limit: number): void {
  /** Items that are still to come on each level; Infinity for one of indefinite length. */
  const open: number[] = [1];
  let at = 0;
  let values = 0;
  while (open.length > 0) {
    if (open.at(-1) === 0) {
      open.pop();
      continue;
    }
    const initial = bytes[at++];
    if (initial === undefined) throw serializationError("The CBOR body ends too early");
    if (initial === 0xff) {
      if (open.pop() !== Number.POSITIVE_INFINITY)
        throw serializationError("The CBOR body has a break where none belongs");
      continue;
    }
    if (++values > mostValues) throw serializationError(`The request body has more than ${mostValues} values`);
    open[open.length - 1] = (open.at(-1) ?? 0) - 1;
    const { length, next } = readArgument(bytes, at, initial & 31);
    at = next;
    const major = initial >> 5;
    if (major === 2 || major === 3) {
      if (length === Number.POSITIVE_INFINITY) open.push(length);
      else at += length;
    } else if (major === 4 || major === 6) open.push(major === 6 ? 1 : length);
    else if (major === 5) open.push(length * 2);
    if (open.length > limit + 1) throw serializationError(`The request body is nested deeper than ${limit} levels`);
    if (at > bytes.length) throw serializationError("The CBOR body ends too early");
  }
  if (at !== bytes.length) throw serializationError("The CBOR body goes on after its value");
}

function readArgument(bytes: Uint8Array, at: number, minor: number): { length: number; next: number } {
  if (minor < 24) return { length: minor, next: at };
  if (minor === 31) return { length: Number.POSITIVE_INFINITY, next: at };
  if (minor > 27) throw serializationError("The CBOR body is not well-formed");
  const size = 2 ** (minor - 24);
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 256 + (bytes[at + i] ?? 0);
  return { length, next: at + size };
}
