// The few names of the WebAssembly API that the kernels use: TypeScript declares them only together with the DOM.
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: SharedArrayBuffer;
  }
  const Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => Memory;
  interface Global {
    value: number;
  }
  const Global: new (descriptor: { value: string; mutable: boolean }, value: number) => Global;
  interface Module {
    readonly __module?: never;
  }
  const Module: new (bytes: Uint8Array) => Module;
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  const Instance: new (
    module: Module,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => Instance;
}
