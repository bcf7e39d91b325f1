/** What a thread of the pool is told. Orders are done one after the other. */
export type KernelOrder =
  | { readonly order: "open"; readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory }
  | { readonly order: "set"; readonly values: Readonly<Record<string, number>> }
  | { readonly order: "call"; readonly name: string; readonly values: readonly number[] }
  | { readonly order: "close" };

export type KernelReply = { readonly result: number } | { readonly failure: string };

/** One instance of a kernel. Its globals are its own, its memory is everybody's. */
export interface KernelExports {
  /** Throws for a name that the kernel does not export. A function without a result gives 0; addresses above 2 GiB come back negative. */
  call(name: string, values: readonly number[]): number;
  /** Throws for a name that the kernel does not export. */
  setGlobals(values: Readonly<Record<string, number>>): void;
}

export function openKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return {
    call(name, values) {
      const exported = exports[name];
      if (typeof exported !== "function") throw new Error(`The kernel has no function ${name}.`);
      return ((exported as (...values: readonly number[]) => number | undefined)(...values) ?? 0) as number;
    },
    setGlobals(values) {
      for (const [name, value] of Object.entries(values)) {
        const exported = exports[name];
        if (!(exported instanceof WebAssembly.Global)) throw new Error(`The kernel has no global ${name}.`);
        exported.value = value;
      }
    },
  };
}
