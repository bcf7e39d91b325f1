import { writeSync } from "node:fs";

/**
 * Keeps the first `maxBytes` of what a program prints in an open file, and says there once that the rest is left out, so that a program that
 * prints without end fills neither the disk nor the log. What cannot be written, on a full disk, is left out too: the program goes on.
 */
export function createBoundedOutput(descriptor: number, maxBytes: number): (chunk: Buffer) => void {
  let left = maxBytes;

  function write(bytes: Buffer): void {
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    }
  }

  return (chunk) => {
    if (left === 0) return;
    write(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
    if (left === 0) write(Buffer.from(`\nThe program has printed ${maxBytes} bytes; what follows is not kept.\n`));
  };
}
