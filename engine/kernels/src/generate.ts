import { writeFileSync } from "node:fs";
import { compileKernel } from "./compile-kernel.ts";
import { kernelNames, kernelUrl } from "./kernel-url.ts";

for (const name of kernelNames) {
  const bytes = await compileKernel(name);
  writeFileSync(kernelUrl(name), bytes);
  console.log(`${name}.wasm: ${bytes.length} bytes`);
}
