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
    invokeInSlices: () => assert.fail("nobody asks a model that came too late"),
    close: () => closed.resolve(),
  });
  await closed.promise;
});

test("a large request is answered in slices, a small one at once, and both give the custom attributes back", async () => {
  const answer = (body: string) => ({ status: 200, contentType: "text/plain", body });
  const model: LoadedModel = {
    sizeBytes: 0,
    invoke: () => answer("at once"),
    invokeInSlices: async ({ body }) => {
      if (body[0] === 0) throw new Error("the model threw");
      return answer("in slices");
    },
    close: () => undefined,
  };
  const hosting = createInProcessHosting(() => ({ ...countingImage, load: async () => model }));
  const host = await hosting.start(container, "/nowhere", new AbortController().signal);
  const ask = (body: Buffer) =>
    host.invoke({ body, contentType: "text/plain", accept: "*/*", customAttributes: "trace=1" });
  assert.deepEqual(ask(Buffer.from("small")), { ...answer("at once"), customAttributes: "trace=1" });
  const large = Buffer.alloc(100_000, "x");
  assert.deepEqual(await ask(large), { ...answer("in slices"), customAttributes: "trace=1" });
  assert.deepEqual(await ask(Buffer.alloc(100_000)), {
    status: 500,
    contentType: "text/plain",
    body: "the model threw",
    customAttributes: "trace=1",
  });
});

test("an image that is not built in is not recognised", () => {
  assert.equal(createInProcessHosting(() => undefined).recognises("somebody/else:1"), false);
  assert.equal(createInProcessHosting(() => countingImage).recognises("any/counting:1"), true);
});
