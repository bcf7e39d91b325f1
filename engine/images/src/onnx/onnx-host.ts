import { Worker } from "node:worker_threads";
import { ClientError } from "../client-error.ts";

/** A tensor on its way to or from the thread. */
export interface OnnxTensor {
  readonly type: string;
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];
  readonly dims: readonly number[];
}

/** As the model declares it; a text or -1 stands for a size that requests choose. */
export interface OnnxInput {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxOrder {
  readonly id: number;
  readonly inputs: Readonly<Record<string, OnnxTensor>>;
}

export type OnnxReply =
  | { readonly inputs: readonly OnnxInput[] }
  | { readonly failure: string }
  | { readonly id: number; readonly outputs: Readonly<Record<string, OnnxTensor>> }
  | { readonly id: number; readonly failure: string };

/** A model in a thread of its own: however long it takes, this one goes on. */
export interface OnnxHost {
  readonly inputs: readonly OnnxInput[];
  /** Throws ClientError with onnxruntime's words for tensors that do not fit, and when the model takes longer than SageMaker waits. */
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  close(): void;
}

/** SageMaker gives up on an invocation after this; a model that takes longer to be loaded is taken for one that never is. */
const TIMEOUT_MS = 60_000;

/** What a thread that has just been started says first. Throws ClientError when it ends without a word, or takes longer than a request may. */
async function firstMessage(worker: Worker): Promise<OnnxReply> {
  const { promise, resolve, reject } = Promise.withResolvers<OnnxReply>();
  const refuse = (message: string): void => reject(new ClientError(message));
  const timer = setTimeout(() => refuse(`The model was not loaded within ${TIMEOUT_MS / 1000} s.`), TIMEOUT_MS);
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", () => refuse("The model cannot be loaded: its thread has ended, as of a lack of memory."));
  return await promise.finally(() => clearTimeout(timer));
}

/** Throws ClientError for a file that onnxruntime does not load. */
export async function startOnnxHost(path: string): Promise<OnnxHost> {
  const worker = new Worker(new URL("./onnx-worker.ts", import.meta.url), { workerData: { path } });
  worker.unref();
  const first = await firstMessage(worker).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  if ("failure" in first || !("inputs" in first)) {
    await worker.terminate();
    throw new ClientError(`The model cannot be loaded: ${"failure" in first ? first.failure : "it has no inputs"}`);
  }
  const waiting = new Map<
    number,
    { resolve(outputs: Readonly<Record<string, OnnxTensor>>): void; reject(error: Error): void }
  >();
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on("message", (message: OnnxReply) => {
    if (!("id" in message)) return;
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if ("failure" in message) request?.reject(new ClientError(message.failure));
    else request?.resolve(message.outputs);
  });
  worker.on("error", end);
  worker.on("exit", () => end(new Error("The thread of the model has ended.")));
  let asked = 0;
  return {
    inputs: first.inputs,
    async run(inputs) {
      if (ended !== undefined) throw ended;
      const { promise, resolve, reject } = Promise.withResolvers<Readonly<Record<string, OnnxTensor>>>();
      const id = (asked += 1);
      waiting.set(id, { resolve, reject });
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new ClientError(`The model did not answer within ${TIMEOUT_MS / 1000} s.`));
      }, TIMEOUT_MS);
      worker.postMessage({ id, inputs } satisfies OnnxOrder);
      return await promise.finally(() => clearTimeout(timer));
    },
    close() {
      end(new Error("The model was closed."));
      void worker.terminate();
    },
  };
}
