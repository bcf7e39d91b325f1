import { StoreError } from "../store-error.ts";

/** Bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/** A key as it is stored. Throws KeyTooLongError and, for text that UTF-8 cannot carry, InvalidArgument. */
export function encodeKey(key: string): Buffer {
  if (key === "" || !key.isWellFormed()) {
    throw new StoreError("InvalidArgument", "The key is empty or no well-formed Unicode.", { ArgumentName: "key" });
  }
  const bytes = Buffer.from(key, "utf8");
  if (bytes.byteLength > MAX_KEY_BYTES) {
    throw new StoreError("KeyTooLongError", "Your key is too long", {
      Size: bytes.byteLength,
      MaxSizeAllowed: MAX_KEY_BYTES,
    });
  }
  return bytes;
}

/**
 * The smallest bytes that are greater than everything that begins with `prefix`; undefined when nothing is (the empty prefix). UTF-8 never has
 * the byte 255, so the last byte can always be counted up.
 */
export function endOfPrefix(prefix: Buffer): Buffer | undefined {
  const last = prefix.at(-1);
  if (last === undefined) return undefined;
  const end = Buffer.from(prefix);
  end[end.length - 1] = last + 1;
  return end;
}

/** The smallest bytes that are greater than `key`. */
export function afterKey(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}
