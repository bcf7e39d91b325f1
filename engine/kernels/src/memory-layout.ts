const CACHE_LINE = 64;
const PAGE = 65_536;
/** WebAssembly's 32-bit addresses. */
const MAXIMUM_BYTES = 4 * 1024 ** 3 - PAGE;

/** Gives out addresses of a kernel's memory, each at the start of a cache line, so that no two threads write to the same one. */
export interface MemoryLayout {
  /** The address of so many bytes; they are zero. */
  take(bytes: number): number;
  /** What was taken so far, in whole pages. */
  readonly byteLength: number;
  /** The memory of that size, shared between threads; pages that nobody writes cost nothing. Throws RangeError above 4 GiB. */
  allocate(): WebAssembly.Memory;
}

/** The first page is left to the compiled kernel's constants. */
export function createMemoryLayout(): MemoryLayout {
  let next = PAGE;
  const wholePages = (): number => Math.ceil(next / PAGE) * PAGE;
  return {
    take(bytes) {
      const address = next;
      next = Math.ceil((address + bytes) / CACHE_LINE) * CACHE_LINE;
      return address;
    },
    get byteLength() {
      return wholePages();
    },
    allocate() {
      if (next > MAXIMUM_BYTES) {
        throw new RangeError(
          `${Math.ceil(next / 1024 ** 2)} MiB are needed, more than the 4095 MiB that can be addressed`,
        );
      }
      const pages = wholePages() / PAGE;
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    },
  };
}
