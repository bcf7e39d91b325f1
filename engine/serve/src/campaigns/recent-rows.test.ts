import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resource, RestingResource } from "@rondo/store";
import { RecentRows } from "./recent-rows.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const key = [owner, "personalize/campaign", "offers"] as const;

function open() {
  let now = 0;
  let version = 0;
  const listeners = new Set<(row: RestingResource) => void>();
  const rows = new RecentRows({
    resources: {
      find: async <Body extends object>() => {
        version += 1;
        return { version } as Resource<Body>;
      },
      onRest(listener) {
        listeners.add(listener);
        return { [Symbol.dispose]: () => void listeners.delete(listener) };
      },
    },
    timer: { now: () => now },
    onError: (error) => assert.fail(String(error)),
  });
  return {
    rows,
    listeners,
    version: () => rows.peek(...key)?.row?.version,
    /** Lets time go by, and what has begun end. */
    async wait(milliseconds: number): Promise<void> {
      now += milliseconds;
      rows.peek(...key);
      await new Promise(setImmediate);
    },
  };
}

test("a row is what was read; after a second it is read anew beside, after two it has to be", async () => {
  const { rows, version, wait } = open();
  assert.equal(rows.peek(...key), undefined);
  await rows.read(...key);
  await wait(999);
  assert.equal(version(), 1);
  await wait(2);
  assert.equal(version(), 2);
  await wait(1999);
  assert.equal(version(), 3);
  await wait(2001);
  assert.equal(rows.peek(...key), undefined);
});

test("a row that has come to rest is read at once, and nobody is listened to any more at the end", async () => {
  const { rows, listeners } = open();
  await rows.read(...key);
  for (const listener of listeners) listener({ ...owner, type: key[1], name: key[2] });
  assert.equal(rows.peek(...key), undefined);
  rows[Symbol.dispose]();
  assert.equal(listeners.size, 0);
});
