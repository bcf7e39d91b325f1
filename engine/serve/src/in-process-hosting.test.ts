import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoadedModel } from "@rondo/images";
import { createInProcessHosting } from "./in-process-hosting.ts";
import { countingImage } from "./testing/counting-image.ts";

const container = { image: "any/counting:1", environment: {} };

test("a load that is given up ends at once, and a model that comes too late is closed", async () => {
  const loading = Promise.withResolvers<LoadedModel>();
  const closed = Promise.withResolvers<void>();
  const hosting = createInProcessHosting(() => ({ ...countingImage, load: () => loading.promise }));
  const giveUp = new AbortController();
  const started = hosting.start(container, "/nowhere", giveUp.signal);
  giveUp.abort(new Error("given up"));
  await assert.rejects(started, /given up/);
  loading.resolve({
    sizeBytes: 0,
    invoke: () => assert.fail("nobody asks a model that came too late"),
    close: () => closed.resolve(),
  });
  await closed.promise;
});

test("an image that is not built in is not recognised", () => {
  assert.equal(createInProcessHosting(() => undefined).recognises("somebody/else:1"), false);
  assert.equal(createInProcessHosting(() => countingImage).recognises("any/counting:1"), true);
});
