import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader } from "./byte-reader.ts";

/** int32 -2, int64 2⁴⁰, float32 1.5, "word\0", a byte. */
function sample(): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeInt32LE(-2, 0);
  bytes.writeBigInt64LE(2n ** 40n, 4);
  bytes.writeFloatLE(1.5, 12);
  bytes.write("word\0", 16);
  bytes[21] = 7;
  return bytes;
}

test("values are read whatever the pieces", async () => {
  const bytes = sample();
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, piece) =>
      bytes.subarray(piece * size, (piece + 1) * size),
    );
    const reader = new ByteReader({ chunks, byteLength: bytes.length });
    await reader.need(16);
    assert.deepEqual([reader.int32(), reader.int64(), ...reader.float32s(1)], [-2, 2 ** 40, 1.5]);
    assert.equal(Buffer.from(await reader.untilZero()).toString(), "word");
    await reader.need(1);
    assert.deepEqual([reader.byte(), reader.remaining], [7, 0]);
  }
});

test("the end of the file, and a word without end, are refused", async () => {
  const reader = new ByteReader({ chunks: [sample()], byteLength: 22 });
  await assert.rejects(reader.need(23), { name: "FormatError" });
  const endless = new ByteReader({ chunks: [Buffer.alloc(2 ** 22, 0x61)], byteLength: 2 ** 22 });
  await assert.rejects(endless.untilZero(), { name: "FormatError" });
});
