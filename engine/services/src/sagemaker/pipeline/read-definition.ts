import { DEFINITION_VERSION, isObject, type Json, type JsonObject, type PipelineDefinition } from "./definition.ts";
import { invalidDefinition } from "./definition-error.ts";
import { checkGraph } from "./graph.ts";
import { readParameters } from "./parameters.ts";
import { readSteps } from "./read-step.ts";
import { checkReferences } from "./references.ts";

/** AWS's limit of PipelineDefinition, in characters; here also that of one in S3. */
export const MAX_DEFINITION = 1_048_576;
/** A Condition step in a branch is four levels deeper than the step around it. */
const MAX_DEPTH = 250;

/**
 * Reads and checks a pipeline's definition: its JSON, members, names, step types, references, conditions and that it has no cycle. Throws
 * ValidationException that names the step and the member.
 */
export function readDefinition(text: string): PipelineDefinition {
  const document = parseDocument(text);
  const {
    Version: version,
    Steps: steps,
    Parameters: parameters = [],
    PipelineExperimentConfig: experiment,
  } = document;
  const unknown = Object.keys(document).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) throw invalidDefinition(`${unknown} is not a member of it.`);
  if (version !== DEFINITION_VERSION) throw invalidDefinition(`Version must be "${DEFINITION_VERSION}".`);
  if (experiment !== undefined && experiment !== null && !isObject(experiment)) {
    throw invalidDefinition("PipelineExperimentConfig must be an object or null.");
  }
  const definition: PipelineDefinition = {
    parameters: readParameters(parameters),
    experiment: isObject(experiment) ? experiment : undefined,
    steps: readSteps(steps ?? null),
  };
  checkReferences(definition);
  checkGraph(definition);
  return definition;
}

const MEMBERS: ReadonlySet<string> = new Set([
  "Version",
  "Metadata",
  "Parameters",
  "PipelineExperimentConfig",
  "Steps",
]);

function parseDocument(text: string): JsonObject {
  if (text.length > MAX_DEFINITION) throw invalidDefinition(`it is longer than ${MAX_DEFINITION} characters.`);
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (error) {
    throw invalidDefinition(`it is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (!isObject(document)) throw invalidDefinition("it must be a JSON object.");
  if (depthOf(document) > MAX_DEPTH) throw invalidDefinition(`it is nested deeper than ${MAX_DEPTH} levels.`);
  return document;
}

/** Not recursive: what is nested too deep must not overflow the stack here. */
function depthOf(document: Json): number {
  let level: Json[] = [document];
  let depth = 0;
  while (level.length > 0 && depth <= MAX_DEPTH) {
    depth += 1;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? (Object.values(value) as Json[]) : [],
    );
  }
  return depth;
}
