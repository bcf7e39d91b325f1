import { readFile } from "node:fs/promises";
import asc from "assemblyscript/asc";
import type { KernelName } from "./kernel-url.ts";

/** The kernel itself or a file beside it that it imports; the compiler also asks for files that are not there. */
async function readSource(path: string): Promise<string | null> {
  if (!/^[a-z0-9-]+\.as\.ts$/.test(path)) return null;
  const source = await readFile(new URL(`./${path}`, import.meta.url), "utf8");
  // The compiler's decorator, as a comment since it is no TypeScript in front of a function.
  return source.replace(/^\/\/ @inline$/gmu, "@inline");
}

/**
 * Compiles a kernel; throws with the compiler's messages. No relaxed SIMD: the same input gives the same bytes on every
 * machine.
 */
export async function compileKernel(name: KernelName): Promise<Uint8Array> {
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
  const { error, stderr } = await asc.main([`${name}.as.ts`, ...options, ...features], {
    readFile: readSource,
    writeFile: (path, contents) => {
      if (path === "out.wasm") compiled = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || compiled === undefined)
    throw new Error(`${name}.as.ts does not compile:\n${stderr.toString()}`);
  return compiled;
}
