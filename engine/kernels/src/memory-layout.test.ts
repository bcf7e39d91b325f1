import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryLayout } from "./memory-layout.ts";

test("addresses begin behind the first page, at cache lines, and do not overlap", () => {
  const layout = createMemoryLayout();
  assert.deepEqual(
    [layout.take(1), layout.take(64), layout.take(65), layout.take(0), layout.take(8)],
    [65_536, 65_600, 65_664, 65_792, 65_792],
  );
  assert.equal(layout.byteLength, 131_072);
  const { buffer } = layout.allocate();
  assert.ok(buffer instanceof SharedArrayBuffer);
  assert.equal(buffer.byteLength, 131_072);
});

test("more than can be addressed is refused with the size", () => {
  const layout = createMemoryLayout();
  layout.take(5 * 1024 ** 3);
  assert.throws(() => layout.allocate(), /5121 MiB are needed, more than the 4095 MiB/);
});
