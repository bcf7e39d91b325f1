import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { EncodedModel } from "@rondo/learn";
import { ClientError } from "./client-error.ts";
import { toClientError } from "./in-user-terms.ts";

/** Reads `<modelDirectory>/<name>`; throws ClientError when it is missing or none of the image's models. */
export async function loadModelFile<Model>(
  modelDirectory: string,
  name: string,
  decode: (file: EncodedModel) => Promise<Model>,
): Promise<Model> {
  const path = join(modelDirectory, name);
  const size = await stat(path).then(
    (file) => file.size,
    () => undefined,
  );
  if (size === undefined) throw new ClientError(`The model has no file ${name}.`);
  const chunks = createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  try {
    return await decode({ chunks, byteLength: size });
  } catch (error) {
    const refusal = toClientError(error);
    throw refusal === undefined ? error : new ClientError(`The file ${name} cannot be read: ${refusal.message}`);
  }
}
