import assert from "node:assert/strict";
import { test } from "node:test";
import { importsByPackage, packageOf } from "./import-map.ts";

test("a file belongs to the package whose folder it lies in", () => {
  assert.equal(packageOf("engine/wire/src/error.ts"), "engine/wire");
  assert.equal(packageOf("apps/sentiment/src/index.ts"), "apps/sentiment");
  assert.equal(packageOf("node_modules/pg/index.js"), undefined);
});

test("imports are counted between packages, from the product's files only", () => {
  const dependency = (resolved: string) => ({ resolved }) as never;
  const imports = importsByPackage([
    {
      source: "engine/run/src/a.ts",
      dependencies: [dependency("engine/store/src/index.ts"), dependency("engine/run/src/b.ts")],
    },
    { source: "engine/run/src/a.test.ts", dependencies: [dependency("engine/control/src/index.ts")] },
  ]);
  assert.deepEqual([...imports.get("engine/run")!], ["engine/store"]);
});
