import { writeSync } from "node:fs";

const NEWLINE = 0x0a;
/** What a line costs besides its text once it is a row of CloudWatch Logs. */
const LINE_OVERHEAD_BYTES = 64;

/**
 * Keeps in an open file what a program prints until it has cost `maxBytes`, and says there once that the rest is left out, so that a program that
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
    if (left <= 0) return;
    write(chunk);
    left -= chunk.length + LINE_OVERHEAD_BYTES * countLines(chunk);
    if (left <= 0) write(Buffer.from("\nThe program has printed too much for its log; what follows is not kept.\n"));
  };
}

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
