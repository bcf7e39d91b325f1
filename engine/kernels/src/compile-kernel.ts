import { readFile } from "node:fs/promises";
import asc from "assemblyscript/asc";
import type { KernelName } from "./kernel-url.ts";

/**
 * Compiles a kernel; throws with the compiler's messages. No relaxed SIMD: the same input gives the same bytes on every
 * machine.
 */
export async function compileKernel(name: KernelName): Promise<Uint8Array> {
  const files = new Map([[`${name}.ts`, await readFile(new URL(`./${name}.as.ts`, import.meta.url), "utf8")]]);
  let compiled: Uint8Array | undefined;
  const options = [
    "--outFile",
    "out.wasm",
    "-O3",
    "--noAssert",
    "--runtime",
    "stub",
    "--importMemory",
    "--sharedMemory",
  ];
  const features = ["--maximumMemory", "65536", "--enable", "simd", "--enable", "threads"];
  const { error, stderr } = await asc.main([`${name}.ts`, ...options, ...features], {
    readFile: (path) => files.get(path) ?? null,
    writeFile: (path, contents) => {
      if (path === "out.wasm") compiled = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || compiled === undefined)
    throw new Error(`${name}.as.ts does not compile:\n${stderr.toString()}`);
  return compiled;
}
