import type { EmbeddingBagMemory } from "@rondo/kernels";

/** Longs of a page: what no row was learned into is skipped in these units. */
const PAGE = 512;

/** Copies both matrices, leaving out pages that are zero; the function returned puts the copy back. */
export function takeSnapshot({ memory, layout }: EmbeddingBagMemory): () => void {
  const longs = new BigUint64Array(memory.buffer, layout.output, (layout.byteLength - layout.output) / 8);
  const pages = new Map<number, BigUint64Array>();
  for (let start = 0; start < longs.length; start += PAGE) {
    const page = longs.subarray(start, start + PAGE);
    if (page.some((value) => value !== 0n)) pages.set(start, page.slice());
  }
  return () => {
    for (let start = 0; start < longs.length; start += PAGE) {
      const page = longs.subarray(start, start + PAGE);
      const copy = pages.get(start);
      if (copy !== undefined) page.set(copy);
      else if (page.some((value) => value !== 0n)) page.fill(0n);
    }
  };
}
