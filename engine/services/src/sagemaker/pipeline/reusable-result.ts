import { parseS3Uri } from "@rondo/run";
import { type Objects, StoreError } from "@rondo/store";
import { isObject, type Json, type JsonObject } from "./definition.ts";

/**
 * Whether what an earlier job wrote is still there: its model, and something under each output of its own. AWS does not look, and fails in a later step
 * when somebody has deleted it.
 */
export async function isReusable(objects: Objects, accountId: string, description: JsonObject): Promise<boolean> {
  for (const uri of outputsOf(description)) {
    const { bucket, key } = parseS3Uri(uri) ?? { bucket: "", key: "" };
    if (!(await hasObject(objects, { accountId, bucket }, key))) return false;
  }
  return true;
}

function outputsOf({ ModelArtifacts: model, ProcessingOutputConfig: config }: JsonObject): readonly string[] {
  const outputs = isObject(config) && Array.isArray(config.Outputs) ? (config.Outputs as readonly Json[]) : [];
  const uris = outputs.map((output) =>
    isObject(output) && isObject(output.S3Output) ? output.S3Output.S3Uri : undefined,
  );
  return [...uris, isObject(model) ? model.S3ModelArtifacts : undefined].filter((uri) => typeof uri === "string");
}

async function hasObject(
  objects: Objects,
  bucket: { readonly accountId: string; readonly bucket: string },
  prefix: string,
): Promise<boolean> {
  try {
    const { objects: found } = await objects.list({ ...bucket, prefix, limit: 1 });
    return found.length > 0;
  } catch (error) {
    if (error instanceof StoreError && error.code.startsWith("NoSuch")) return false;
    throw error;
  }
}
