import type { PipelineDefinitionS3Location } from "@aws-sdk/client-sagemaker";
import type { Objects, Owner } from "@rondo/store";
import { awsError, type ServiceDefinition } from "@rondo/wire";
import { checkArguments } from "./check-arguments.ts";
import { MAX_DEFINITION, readDefinition } from "./read-definition.ts";
import { readTextObject } from "./read-text-object.ts";

export interface DefinitionInput {
  readonly PipelineDefinition?: string | undefined;
  readonly PipelineDefinitionS3Location?: PipelineDefinitionS3Location | undefined;
}

export interface DefinitionDependencies {
  readonly objects: Objects;
  /** SageMaker itself, whose requests the steps' arguments are. */
  readonly sageMaker: () => ServiceDefinition;
}

/** The text of the definition that a request gives, checked; undefined when it gives none. Throws ValidationException. */
export async function definitionText(
  { objects, sageMaker }: DefinitionDependencies,
  { accountId }: Owner,
  { PipelineDefinition: text, PipelineDefinitionS3Location: location }: DefinitionInput,
): Promise<string | undefined> {
  if (text !== undefined && location !== undefined) {
    throw invalid("Give either PipelineDefinition or PipelineDefinitionS3Location, not both.");
  }
  const given = location === undefined ? text : await readLocation(objects, accountId, location);
  if (given !== undefined) checkArguments(readDefinition(given), sageMaker());
  return given;
}

async function readLocation(
  objects: Objects,
  accountId: string,
  { Bucket: bucket = "", ObjectKey: key = "", VersionId: version }: PipelineDefinitionS3Location,
): Promise<string> {
  if (version !== undefined) {
    throw invalid("PipelineDefinitionS3Location.VersionId is not supported: buckets have no versions here.");
  }
  const found = await readTextObject(objects, accountId, { uri: `s3://${bucket}/${key}`, maxBytes: MAX_DEFINITION });
  if ("problem" in found) throw invalid(`PipelineDefinitionS3Location: ${found.problem}`);
  return found.text;
}

function invalid(message: string): Error {
  return awsError("ValidationException", message);
}
