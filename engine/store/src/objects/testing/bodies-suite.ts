import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import type { Bodies } from "../bodies.ts";

/** What every home of bodies must do. */
export function bodiesSuite(name: string, openBodies: () => Promise<Bodies & AsyncDisposable>): void {
  describe(`bodies: ${name}`, () => {
    test("what was written is read back, whole and in ranges", async () => {
      await using bodies = await openBodies();
      for (const size of [0, 1, 70_000, (8 << 20) - 1, 8 << 20, (16 << 20) + 5]) {
        const id = randomUUID();
        const bytes = randomBytes(size);
        await bodies.write(id, inChunks(bytes, 100_000));
        assert.ok((await buffer(await bodies.read(id))).equals(bytes), `${size} bytes`);
        if (size > 1) {
          const part = await buffer(await bodies.read(id, { start: 1, end: Math.min(size, 65_000) - 1 }));
          assert.ok(part.equals(bytes.subarray(1, Math.min(size, 65_000))));
        }
      }
    });

    test("a write whose source fails, or that is aborted, leaves nothing behind", async () => {
      await using bodies = await openBodies();
      for (const size of [10, 20 << 20]) {
        const failing = async function* () {
          yield randomBytes(size);
          throw new Error("the client went away");
        };
        await assert.rejects(bodies.write(randomUUID(), failing()), /the client went away/);
      }
      const aborted = AbortSignal.abort(new Error("stopped"));
      await assert.rejects(bodies.write(randomUUID(), inChunks(randomBytes(10), 5), aborted));
      assert.deepEqual(await collect(bodies.list(new Date(Date.now() + 60_000))), []);
    });

    test("a body that is removed while it is read is read to its end", async () => {
      await using bodies = await openBodies();
      const id = randomUUID();
      const bytes = randomBytes(6 << 20);
      await bodies.write(id, inChunks(bytes, 1 << 20));
      const stream = await bodies.read(id);
      await bodies.remove(id);
      assert.ok((await buffer(stream)).equals(bytes));
      await assert.rejects(bodies.read(id), { name: "StoreError", code: "InternalError" });
      await bodies.remove(id);
    });

    test("lists ids by age", async () => {
      await using bodies = await openBodies();
      const ids = [randomUUID(), randomUUID(), randomUUID()].toSorted();
      for (const id of ids) await bodies.write(id, inChunks(randomBytes(10), 10));
      assert.deepEqual(await collect(bodies.list(new Date(Date.now() - 60_000))), []);
      const all = await collect(bodies.list(new Date(Date.now() + 60_000)));
      assert.deepEqual(all.toSorted(), ids);
    });
  });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
