import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeLines } from "./whole-lines.ts";

async function read(chunks: readonly string[]): Promise<string[]> {
  return collect(wholeLines(chunks.map((chunk) => Buffer.from(chunk))));
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const texts: string[] = [];
  for await (const piece of pieces) texts.push(Buffer.from(piece).toString());
  return texts;
}

test("pieces end where a line ends", async () => {
  assert.deepEqual(await read(["a\nb", "c\n", "d"]), ["a\n", "bc\n", "d"]);
  assert.deepEqual(await read(["a", "b", "c", "\n\nd\n"]), ["abc\n\nd\n"]);
  assert.deepEqual(await read([]), []);
  assert.deepEqual(await read(["", ""]), []);
});

test("whatever the cuts, the text is the same", async () => {
  const text = "one two\n\nthree\r\nfour\n five";
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const pieces = await read([text.slice(0, first), text.slice(first, second), text.slice(second)]);
      assert.equal(pieces.join(""), text);
      for (const piece of pieces.slice(0, -1)) assert.ok(piece.endsWith("\n"));
    }
  }
});

test("a chunk that its source uses again does no harm", async () => {
  const buffer = Buffer.alloc(4);
  async function* reusing(): AsyncGenerator<Uint8Array> {
    for (const text of ["a\nbb", "c\ndd"]) {
      buffer.write(text);
      yield buffer;
    }
  }
  assert.deepEqual(await collect(wholeLines(reusing())), ["a\n", "bbc\n", "dd"]);
});

test("a line without end is refused before the memory is full", async () => {
  const chunk = Buffer.alloc(1024 ** 2, 0x61);
  let given = 0;
  function* endless(): Generator<Uint8Array> {
    for (;;) {
      given += chunk.length;
      yield chunk;
    }
  }
  await assert.rejects(collect(wholeLines(endless())), { name: "DataError", message: /64 MiB/ });
  assert.ok(given <= 66 * 1024 ** 2);
});
