/** A length-delimited field: bytes, text, or a message by its fields. */
export function bytesField(number: number, content: string | Uint8Array | readonly Uint8Array[]): Buffer {
  const bytes = Array.isArray(content) ? Buffer.concat(content) : Buffer.from(content as string);
  return Buffer.concat([varints([number * 8 + 2, bytes.length]), bytes]);
}

/** A field of an integer from 0. */
export function varintField(number: number, value: number): Buffer {
  return varints([number * 8, value]);
}

/** Integers from 0 to 2⁵³, one after the other. */
export function varints(numbers: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}
