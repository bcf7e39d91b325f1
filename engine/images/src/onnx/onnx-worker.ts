import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { OnnxOrder, OnnxReply, OnnxTensor } from "./onnx-host.ts";

/** Runs one model; started by onnx-host.ts with the path of its file. */
const { path } = workerData as { readonly path: string };

function reply(message: OnnxReply): void {
  parentPort?.postMessage(message);
}

async function answer(session: InferenceSession, { id, inputs }: OnnxOrder): Promise<void> {
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { type, data, dims }]) => [
        name,
        new Tensor(type as "float32", data as Float32Array, dims),
      ]),
    );
    const outcome = await session.run(feeds);
    const outputs: Record<string, OnnxTensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(outcome)) {
      outputs[name] = { type, data: data as OnnxTensor["data"], dims };
    }
    reply({ id, outputs });
  } catch (error) {
    reply({ id, failure: error instanceof Error ? error.message : String(error) });
  }
}

try {
  const session = await InferenceSession.create(path, { logSeverityLevel: 3 });
  parentPort?.on("message", (order: OnnxOrder) => void answer(session, order));
  reply({ inputs: session.inputMetadata.flatMap((value) => (value.isTensor ? [value] : [])) });
} catch (error) {
  reply({ failure: error instanceof Error ? error.message : String(error) });
}
