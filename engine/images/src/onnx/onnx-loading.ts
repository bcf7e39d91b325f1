import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { multilayerPerceptron, type Network } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { LoadedModel } from "../image.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";
import { startOnnxHost } from "./onnx-host.ts";
import { serveOnnx } from "./onnx-serving.ts";

/** What onnxruntime takes in one file. */
const MAXIMUM_BYTES = 2 * 1024 ** 3;

/** Loads the archive's one `.onnx` file: a network of ours into this process, any other model into a thread of its own. */
export async function loadOnnx(modelDirectory: string): Promise<LoadedModel> {
  const path = await findModel(modelDirectory);
  const { size } = await stat(path);
  if (size > MAXIMUM_BYTES) throw new ClientError(`The model has ${size} bytes; at most ${MAXIMUM_BYTES} are loaded.`);
  const network = await readOwn(path, size);
  return network === undefined ? serveOnnx(await startOnnxHost(path), size) : serveNetwork(network, size);
}

async function findModel(directory: string): Promise<string> {
  const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".onnx"));
  const [file, ...others] = files;
  if (file !== undefined && others.length === 0) return join(directory, file);
  const found = file === undefined ? "none" : files.toSorted().join(", ");
  throw new ClientError(`The model archive must hold one file that ends with .onnx; there is ${found}.`);
}

/** Undefined for a model that was not written by this image. */
async function readOwn(path: string, byteLength: number): Promise<Network | undefined> {
  // What ours ends with: a foreign model, which may be large, need not be read to know that it is one.
  if (!(await readTail(path, byteLength)).includes("rondo_end")) return undefined;
  const bytes = await readFile(path);
  return await multilayerPerceptron.decode({ chunks: [bytes], byteLength });
}

const TAIL_BYTES = 64;

async function readTail(path: string, byteLength: number): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({
    buffer: Buffer.alloc(TAIL_BYTES),
    position: Math.max(0, byteLength - TAIL_BYTES),
  });
  return buffer.subarray(0, bytesRead);
}

function serveNetwork(network: Network, sizeBytes: number): LoadedModel {
  return serveTabular({
    columns: network.columns.length,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf", "libsvm"],
    sizeBytes,
    predict: (features) => {
      const { rows, width, values } = multilayerPerceptron.predict(network, features);
      return Array.from({ length: rows }, (_, row) => answer(network, values.subarray(row * width, (row + 1) * width)));
    },
  });
}

function answer({ task }: Network, scores: Float32Array): RowAnswer {
  const [score = Number.NaN] = scores;
  switch (task) {
    case "regressor":
      return { score };
    case "binary_classifier":
      return { score, predicted_label: Number(score > 0.5) };
    case "multiclass_classifier":
      return { score: scores, predicted_label: scores.indexOf(Math.max(...scores)) };
  }
}
