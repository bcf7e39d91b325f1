import assert from "node:assert/strict";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFallbackFile } from "./fallback-file.ts";
import { createFallbackStore } from "./fallback-store.ts";

interface Row {
  readonly id: string;
  readonly at: number;
}

/** A store that can be taken away and brought back; a row does not replace a later one. */
function unreliableStore() {
  const rows = new Map<string, Row>();
  const state = { isAway: false, writes: 0 };
  const reach = () => {
    state.writes += 1;
    if (state.isAway) throw Object.assign(new Error(""), { code: "ECONNREFUSED" });
  };
  return {
    rows,
    state,
    async write(row: Row) {
      reach();
      rows.set(row.id, row);
    },
    async rewrite(row: Row) {
      reach();
      if ((rows.get(row.id)?.at ?? 0) <= row.at) rows.set(row.id, row);
    },
  };
}

async function openStore(folder: string, retryAfterMs = 5) {
  const backend = unreliableStore();
  const faults: unknown[] = [];
  const file = await openFallbackFile<Row>(join(folder, "feedback.json"));
  const clock = { now: () => new Date() };
  const onFault = (error: unknown) => faults.push(error);
  const store = createFallbackStore<Row>({ file, ...backend, onFault, retryAfterMs, clock });
  return { ...backend, store, faults };
}

test("rows go to the file while the store is away and to the store once it is back, none lost and none doubled", {
  timeout: 30_000,
}, async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), "fallback-"));
  const { store, rows, state } = await openStore(home.path);
  await using _ = store;
  assert.equal(await store.put({ id: "a", at: 1 }), "store");
  state.isAway = true;
  const puts = Array.from({ length: 200 }, (_unused, index) => store.put({ id: `b${index}`, at: 2 }));
  assert.ok((await Promise.all(puts)).every((where) => where === "fallback"));
  assert.equal(rows.size, 1);
  state.isAway = false;
  while (store.pending > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(rows.size, 201);
  assert.equal(await store.put({ id: "c", at: 3 }), "store");
});

test("a row from the file does not replace a later one of the same key", async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), "fallback-"));
  const { store, rows, state } = await openStore(home.path, 60_000);
  await using _ = store;
  state.isAway = true;
  await store.put({ id: "a", at: 1 });
  state.isAway = false;
  rows.set("a", { id: "a", at: 2 });
  assert.equal(await store.replay(), 1);
  assert.equal(rows.get("a")?.at, 2);
});

test("while the store is away it is asked once, not by every row", async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), "fallback-"));
  const { store, state } = await openStore(home.path, 60_000);
  await using _ = store;
  state.isAway = true;
  for (const id of ["a", "b", "c"]) await store.put({ id, at: 1 });
  assert.equal(state.writes, 1);
  assert.equal(store.pending, 3);
});

for (const [what, error] of [
  ["rights", Object.assign(new Error("no right"), { name: "AccessDeniedException" })],
  ["credentials", Object.assign(new Error("none"), { name: "CredentialsProviderError" })],
  ["tables", Object.assign(new Error("no table"), { name: "ResourceNotFoundException" })],
] as const) {
  test(`rows of the file wait while ${what} are missing, instead of being set aside as refused`, async () => {
    await using home = await mkdtempDisposable(join(tmpdir(), "fallback-"));
    const file = await openFallbackFile<Row>(join(home.path, "feedback.json"));
    await file.append({ id: "a", at: 1 });
    const stored: Row[] = [];
    let failure: Error | undefined = error;
    await using store = createFallbackStore<Row>({
      file,
      async write(row) {
        if (failure !== undefined) throw failure;
        stored.push(row);
      },
      onFault: () => undefined,
      retryAfterMs: 60_000,
      clock: { now: () => new Date(0) },
    });
    await assert.rejects(store.replay(), error);
    assert.equal(store.pending, 1);
    failure = undefined;
    assert.equal(await store.replay(), 1);
    assert.deepEqual(stored, [{ id: "a", at: 1 }]);
  });
}

test("what the store refuses is the caller's, and no row of the file", async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), "fallback-"));
  const file = await openFallbackFile<Row>(join(home.path, "feedback.json"));
  await using store = createFallbackStore<Row>({
    file,
    write: () => Promise.reject(Object.assign(new Error("no such table"), { $metadata: { httpStatusCode: 400 } })),
    onFault: () => undefined,
    clock: { now: () => new Date(0) },
  });
  await assert.rejects(store.put({ id: "a", at: 1 }), /no such table/);
  assert.equal(store.pending, 0);
});
