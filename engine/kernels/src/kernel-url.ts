/**
 * The kernels that are written in AssemblyScript: `<name>.as.ts` beside this file, compiled to `generated/<name>.wasm`.
 */
export const kernelNames = [
  "embedding-bag",
  "sparse-products",
  "top-n",
  "least-squares",
  "symmetric-inverse",
  "matrix-multiply",
  "k-means",
  "nearest-neighbours",
  "linear-models",
  "sparse-linear",
  "word-vectors",
  "gradient-boosting",
  "gradient-boosting-prediction",
  "factorization-machine",
  "bayesian-ranking",
] as const;
export type KernelName = (typeof kernelNames)[number];

/** Where the compiled kernel is checked in, since users install no compiler. */
export function kernelUrl(name: KernelName): URL {
  return new URL(`./generated/${name}.wasm`, import.meta.url);
}
