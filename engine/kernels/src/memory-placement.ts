import { createMemoryLayout } from "./memory-layout.ts";

type PlacedArray = Uint32Array | Float32Array | Uint8Array;

/** Decides what lies where in a kernel's memory, and fills it. */
export interface MemoryPlacement {
  /** The address of so many zero bytes. */
  reserve(bytes: number): number;
  /** The address at which the array's numbers will be; 0, which kernels take for none, without one. */
  copy(array: PlacedArray | undefined): number;
  /** The memory with everything in it. Throws RangeError above 4 GiB. */
  allocate(): WebAssembly.Memory;
}

export function createMemoryPlacement(): MemoryPlacement {
  const layout = createMemoryLayout();
  const copies: { readonly address: number; readonly array: PlacedArray }[] = [];
  return {
    reserve: (bytes) => layout.take(bytes),
    copy(array) {
      if (array === undefined) return 0;
      const address = layout.take(array.byteLength);
      copies.push({ address, array });
      return address;
    },
    allocate() {
      const memory = layout.allocate();
      for (const { address, array } of copies) {
        const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        new Uint8Array(memory.buffer, address, array.byteLength).set(bytes);
      }
      return memory;
    },
  };
}
