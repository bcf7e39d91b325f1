import { buffer } from "node:stream/consumers";
import type { PipelineDefinitionS3Location } from "@aws-sdk/client-sagemaker";
import { type Objects, type Owner, StoreError } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { MAX_DEFINITION, readDefinition } from "./read-definition.ts";

export interface DefinitionInput {
  readonly PipelineDefinition?: string | undefined;
  readonly PipelineDefinitionS3Location?: PipelineDefinitionS3Location | undefined;
}

/** The text of the definition that a request gives, checked; undefined when it gives none. Throws ValidationException. */
export async function definitionText(
  objects: Objects,
  { accountId }: Owner,
  { PipelineDefinition: text, PipelineDefinitionS3Location: location }: DefinitionInput,
): Promise<string | undefined> {
  if (text !== undefined && location !== undefined) {
    throw awsError("ValidationException", "Give either PipelineDefinition or PipelineDefinitionS3Location, not both.");
  }
  const given = location === undefined ? text : await readLocation(objects, accountId, location);
  if (given !== undefined) readDefinition(given);
  return given;
}

async function readLocation(
  objects: Objects,
  accountId: string,
  { Bucket: bucket = "", ObjectKey: key = "", VersionId: version }: PipelineDefinitionS3Location,
): Promise<string> {
  const uri = `s3://${bucket}/${key}`;
  if (version !== undefined) {
    throw awsError(
      "ValidationException",
      "PipelineDefinitionS3Location.VersionId is not supported: buckets have no versions here.",
    );
  }
  try {
    const { info, body } = await objects.get({ accountId, bucket }, key);
    if (info.size > MAX_DEFINITION) {
      if (!Buffer.isBuffer(body)) body.destroy();
      throw awsError("ValidationException", `The pipeline definition ${uri} is longer than ${MAX_DEFINITION} bytes.`);
    }
    return (Buffer.isBuffer(body) ? body : await buffer(body)).toString("utf8");
  } catch (error) {
    if (!(error instanceof StoreError) || !/^(NoSuch|Invalid)/.test(error.code)) throw error;
    throw awsError("ValidationException", `The pipeline definition ${uri} cannot be read: ${error.code}.`);
  }
}
