import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { compileKernel } from "./compile-kernel.ts";
import { kernelNames, kernelUrl } from "./kernel-url.ts";

for (const name of kernelNames) {
  test(`generated/${name}.wasm is what ${name}.as.ts compiles to (else: npm run generate -w @rondo/kernels)`, async () => {
    const [expected, actual] = await Promise.all([compileKernel(name), readFile(kernelUrl(name))]);
    assert.equal(Buffer.compare(actual, expected), 0);
  });
}
