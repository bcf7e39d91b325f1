import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type KernelName, kernelUrl } from "../kernel-url.ts";
import { type KernelExports, type KernelOrder, type KernelReply, openKernel } from "./open-kernel.ts";

export interface KernelThreadsOptions {
  readonly kernel: KernelName;
  /** What all threads work on; see `createMemoryLayout`. */
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
}

/** Instances of one kernel on one memory, each on a thread of its own; thread 0 is the caller's. */
export interface KernelThreads extends Disposable {
  readonly count: number;
  /** The caller's own instance, for what one thread does alone. */
  readonly own: KernelExports;
  /** Sets exported globals of all instances: addresses and sizes that every call needs. */
  setGlobals(values: Readonly<Record<string, number>>): void;
  /**
   * Calls an exported function on every thread at the same time and resolves to what each returned. The caller's thread is busy meanwhile: so that a
   * training can be aborted within a second, a call does at most some 100 ms of work. A second call waits for the first.
   */
  call(name: string, argumentsOf?: (thread: number) => readonly number[]): Promise<number[]>;
}

const modules = new Map<KernelName, WebAssembly.Module>();
/** Workers that nobody uses at the moment: starting one takes some 40 ms. */
const idle: Worker[] = [];

/** Takes threads out of this process's pool, which starts those that it lacks. */
export function startKernelThreads({ kernel, memory, threads }: KernelThreadsOptions): KernelThreads {
  const module = compiled(kernel);
  const own = openKernel(module, memory);
  const workers = Array.from({ length: Math.max(1, threads) - 1 }, () => idle.pop() ?? startWorker());
  const failures = new Map<Worker, Error>();
  const onFailure = workers.map((worker) => {
    const listener = (error: Error): void => void failures.set(worker, error);
    worker.on("error", listener);
    return () => worker.off("error", listener);
  });
  for (const worker of workers) send(worker, { order: "open", module, memory });

  async function callAll(name: string, argumentsOf: (thread: number) => readonly number[]): Promise<number[]> {
    for (const failure of failures.values()) throw failure;
    const replies = workers.map((worker, index) =>
      reply(worker, { order: "call", name, values: argumentsOf(index + 1) }),
    );
    // Each thread has to have answered before the next call, also when one of them fails.
    const settled = Promise.allSettled(replies);
    try {
      const mine = own.call(name, argumentsOf(0));
      return [mine, ...(await Promise.all(replies))];
    } finally {
      await settled;
    }
  }

  let underWay: Promise<unknown> = Promise.resolve();
  return {
    count: workers.length + 1,
    own,
    setGlobals(values) {
      own.setGlobals(values);
      for (const worker of workers) send(worker, { order: "set", values });
    },
    call(name, argumentsOf = () => []) {
      const result = underWay.then(() => callAll(name, argumentsOf));
      underWay = result.catch(() => undefined);
      return result;
    },
    [Symbol.dispose]() {
      for (const stopListening of onFailure) stopListening();
      for (const worker of workers) {
        if (failures.has(worker)) continue;
        send(worker, { order: "close" });
        idle.push(worker);
      }
      workers.length = 0;
    },
  };
}

function compiled(kernel: KernelName): WebAssembly.Module {
  const module = modules.get(kernel) ?? new WebAssembly.Module(readFileSync(kernelUrl(kernel)));
  modules.set(kernel, module);
  return module;
}

function startWorker(): Worker {
  const worker = new Worker(new URL("./kernel-worker.ts", import.meta.url));
  // A process that has nothing else to do may end.
  worker.unref();
  return worker;
}

function send(worker: Worker, order: KernelOrder): void {
  worker.postMessage(order);
}

async function reply(worker: Worker, order: KernelOrder): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const onMessage = (message: KernelReply): void => {
    if ("failure" in message) reject(new Error(message.failure));
    else resolve(message.result);
  };
  worker.on("message", onMessage);
  worker.on("error", reject);
  worker.ref();
  send(worker, order);
  try {
    return await promise;
  } finally {
    worker.off("message", onMessage);
    worker.off("error", reject);
    worker.unref();
  }
}
