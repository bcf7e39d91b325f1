import { parentPort } from "node:worker_threads";
import { type KernelExports, type KernelOrder, type KernelReply, openKernel } from "./open-kernel.ts";

let kernel: KernelExports | undefined;

parentPort?.on("message", (order: KernelOrder) => {
  if (order.order === "open") kernel = openKernel(order.module, order.memory);
  else if (order.order === "set") kernel?.setGlobals(order.values);
  else if (order.order === "close") kernel = undefined;
  else parentPort?.postMessage(answer(order.name, order.values));
});

function answer(name: string, values: readonly number[]): KernelReply {
  try {
    if (kernel === undefined) throw new Error(`${name} was called before a kernel was opened.`);
    return { result: kernel.call(name, values) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
