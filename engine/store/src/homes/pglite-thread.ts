import { Worker } from "node:worker_threads";
import { StoreError } from "../store-error.ts";
import type { PgliteRequest, PgliteResponse, PgliteWorkerData } from "./pglite-worker.ts";

/** PGlite as its caller sees it: batches of PostgreSQL's protocol in, answers out, in order. */
export interface PgliteThread {
  execute(batch: Uint8Array): Promise<Uint8Array>;
  /** The whole data directory as a tar. */
  dump(): Promise<Uint8Array>;
  /** Whether the process stays alive for it; it does at first. */
  keepAlive(isNeeded: boolean): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

const empty = new Uint8Array();

/** Starts the thread; resolves when the database is open. */
export async function startPglite(data: PgliteWorkerData): Promise<PgliteThread> {
  const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), { workerData: data });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  function expect(id: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  function send(request: { batch: Uint8Array } | { action: "dump" | "close" }): Promise<Uint8Array> {
    const message: PgliteRequest = { id: ++lastId, ...request };
    worker.postMessage(message);
    return expect(message.id);
  }

  function failAll(reason: string): void {
    for (const { reject } of waiting.values()) reject(new StoreError("PgliteFailed", `PGlite has ended: ${reason}`));
    waiting.clear();
  }

  worker.on("message", ({ id, result, error }: PgliteResponse) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result ?? empty);
    else caller?.reject(new StoreError("PgliteFailed", error));
  });
  worker.on("error", (error: Error) => failAll(error.message));
  worker.on("exit", (code) => failAll(`exit code ${code}`));

  try {
    await expect(0);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    execute: (batch) => send({ batch }),
    dump: () => send({ action: "dump" }),
    keepAlive: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
    async close() {
      await send({ action: "close" });
      await worker.terminate();
    },
  };
}
