import { readFile } from "node:fs/promises";
import path from "node:path";
import type { BuiltInImage, InvocationRequest, InvocationResponse } from "@rondo/images";

/**
 * The smallest image there is, for tests: a model is a directory with a file `answer`, and it answers `<answer>:<body>`. A body `fail <status>`
 * makes it answer with that status, `throw` makes it throw; a model whose answer is `unloadable` does not load.
 */
export const countingImage: BuiltInImage = {
  repository: "counting",
  tags: ["1"],
  hyperparameters: [],
  metrics: [],
  channels: [],
  async train() {
    throw new Error("the counting image has nothing to learn");
  },
  async load(modelDirectory) {
    const answer = await readFile(path.join(modelDirectory, "answer"), "utf8");
    if (answer === "unloadable") throw new Error("the answer is unloadable");
    let closed = false;
    const invoke = (request: InvocationRequest): InvocationResponse =>
      closed ? failure(500, "the model is closed") : respond(answer, request);
    return {
      sizeBytes: answer.length,
      invoke,
      invokeInSlices: async (request) => invoke(request),
      close() {
        closed = true;
      },
    };
  },
};

export const COUNTING_IMAGE_URI = "000000000000.dkr.ecr.us-east-1.amazonaws.com/counting:1";

export function findCountingImage(uri: string): BuiltInImage | undefined {
  return uri === COUNTING_IMAGE_URI ? countingImage : undefined;
}

function respond(answer: string, request: InvocationRequest): InvocationResponse {
  const text = request.body.toString();
  if (text === "throw") throw new Error("the model threw");
  const status = /^fail (\d{3})$/.exec(text)?.[1];
  if (status !== undefined) return failure(Number(status), `cannot read "${text}"`);
  return { status: 200, contentType: request.contentType, body: `${answer}:${text}` };
}

function failure(status: number, body: string): InvocationResponse {
  return { status, contentType: "text/plain", body };
}
