/** Greater than every key, which has at most 1044 bytes. */
export const END_OF_KEYS: Buffer = Buffer.alloc(1100, 255);

/** The smallest bytes that are greater than everything that begins with `prefix`. */
export function endOfPrefix(prefix: Buffer): Buffer {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 255) length--;
  if (length === 0) return END_OF_KEYS;
  const end = Buffer.from(prefix.subarray(0, length));
  end[length - 1] = (prefix[length - 1] as number) + 1;
  return end;
}

/** The smallest bytes that are greater than `key`. */
export function afterKey(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}
