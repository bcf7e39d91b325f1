import { toDense } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { InvocationRequest, InvocationResponse, LoadedModel } from "../image.ts";
import { answerPredictions, negotiateAnswer, type RowAnswer } from "../tabular/answer-predictions.ts";
import { parseFeatures } from "../tabular/parse-features.ts";
import { refusalOf } from "../tabular/refusal-of.ts";
import { parseTabularType } from "../tabular/tabular-type.ts";
import type { OnnxHost, OnnxInput, OnnxTensor } from "./onnx-host.ts";
import { type Nested, toNested, toTensor } from "./onnx-tensors.ts";

const FORMATS = ["json", "jsonlines", "csv", "recordio-protobuf", "libsvm"] as const;

/**
 * Any ONNX model. JSON `{"inputs": {"<name>": [[…]]}}` names every tensor and is answered by `{"outputs": {…}}`. A model with one input of float32 rows also takes rows as the
 * built-in algorithms do, in JSON, JSON lines, CSV, RecordIO or libsvm, and answers with its outputs row by row.
 */
export function serveOnnx(host: OnnxHost, sizeBytes: number): LoadedModel {
  return {
    isSlow: true,
    invoke() {
      throw new Error("A foreign ONNX model answers asynchronously only.");
    },
    async invokeInSlices(request) {
      try {
        const named = namedInputs(request);
        return named === undefined ? await answerRows(host, request) : await answerTensors(host, named);
      } catch (error) {
        return refusalOf(error);
      }
    },
    sizeBytes,
    close: () => host.close(),
  };
}

function namedInputs({ body, contentType }: InvocationRequest): Readonly<Record<string, Nested>> | undefined {
  if (contentType !== "" && parseTabularType(contentType)?.format !== "json") return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch (error) {
    throw new ClientError(`The body is not JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== "object" || parsed === null || !("inputs" in parsed)) return undefined;
  const { inputs } = parsed;
  if (typeof inputs === "object" && inputs !== null && !Array.isArray(inputs)) return inputs as Record<string, Nested>;
  throw new ClientError('"inputs" must be an object with a list for each input of the model.');
}

async function answerTensors(host: OnnxHost, named: Readonly<Record<string, Nested>>): Promise<InvocationResponse> {
  const known = host.inputs.map(({ name }) => name);
  const unknown = Object.keys(named).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ClientError(`The model has no input ${unknown}; it has ${known.join(", ")}.`);
  const tensors = host.inputs.map((input) => {
    const value = named[input.name];
    if (value === undefined)
      throw new ClientError(`The input ${input.name} is missing; the model takes ${known.join(", ")}.`);
    return [input.name, toTensor(input, value)] as const;
  });
  const outputs = await host.run(Object.fromEntries(tensors));
  const nested = Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, toNested(tensor)]));
  return { status: 200, contentType: "application/json", body: JSON.stringify({ outputs: nested }) };
}

async function answerRows(host: OnnxHost, request: InvocationRequest): Promise<InvocationResponse> {
  const { name, columns } = rowsInput(host.inputs);
  const requestFormat = parseTabularType(request.contentType)?.format ?? "json";
  const format = negotiateAnswer(request.accept, requestFormat);
  const { rows, values } = toDense(parseFeatures(request, { columns, formats: FORMATS }));
  // The thread gets a copy: what is parsed lies in shared memory.
  const outputs = await host.run({
    [name]: { type: "float32", data: Float32Array.from(values), dims: [rows, columns] },
  });
  const answers = Array.from({ length: rows }, (_, row) => answerOf(outputs, row, rows));
  return answerPredictions(format, "predictions", answers);
}

/** The model's one input, when it takes rows of as many numbers as it says. */
function rowsInput(inputs: readonly OnnxInput[]): { readonly name: string; readonly columns: number } {
  const [input, ...others] = inputs;
  const columns = input?.shape[1];
  if (
    input?.type === "float32" &&
    others.length === 0 &&
    input.shape.length === 2 &&
    typeof columns === "number" &&
    columns > 0
  ) {
    return { name: input.name, columns };
  }
  const declared = inputs.map(({ name, type, shape }) => `${name} ${type} [${shape.join(", ")}]`).join("; ");
  throw new ClientError(
    `The model does not take rows of a fixed number of float32 values, so that its inputs must be named: {"inputs": {"<name>": [[…]]}}. It takes ${declared}.`,
  );
}

function answerOf(outputs: Readonly<Record<string, OnnxTensor>>, row: number, rows: number): RowAnswer {
  const members = Object.entries(outputs).map(([name, { data, dims, type }]) => {
    if (type === "string" || dims[0] !== rows) {
      throw new ClientError(
        `The output ${name} is no number per row; name the inputs to see it: {"inputs": {"<name>": [[…]]}}.`,
      );
    }
    const width = data.length / rows;
    const part = Array.from((data as Float32Array).subarray(row * width, (row + 1) * width), Number);
    return [name, width === 1 ? (part[0] ?? Number.NaN) : part] as const;
  });
  return Object.fromEntries(members);
}
