import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { MOST_CHARACTERS, readTextLines } from "./read-text-lines.ts";

async function linesOf(content: string): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "rondo-lines-"));
  try {
    const file = join(directory, "a.txt");
    await writeFile(file, content);
    const lines: string[] = [];
    for await (const { line, where } of readTextLines(file)) lines.push(`${where.slice(0, 6)}:${line}`);
    return lines;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test("lines without their ends, with their numbers; a byte order mark is no part of the first", async () => {
  assert.deepEqual(await linesOf("\uFEFFa\r\n\n b\n\r\nc"), ["Line 1:a", "Line 3: b", "Line 5:c"]);
  assert.deepEqual(await linesOf(""), []);
});

test("lines over several pieces of the file, and characters of several bytes at their ends", async () => {
  const long = "ü".repeat(700_001);
  assert.deepEqual(await linesOf(`${long}\n${long}`), [`Line 1:${long}`, `Line 2:${long}`]);
});

test("a line that is too long is refused with its number, before the file is read to its end", async () => {
  const refused = { name: "ClientError", message: /^Line 2 of .*a\.txt is longer than 4194304 characters/ };
  await assert.rejects(linesOf(`a\n${"b".repeat(MOST_CHARACTERS + 1)}\n`), refused);
  await assert.rejects(linesOf(`a\n${"b".repeat(3 * MOST_CHARACTERS)}`), refused);
});
