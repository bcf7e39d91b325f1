import type { Sql, SqlConnection } from "@rondo/store";
import type { PipelineDefinition } from "./definition.ts";
import { readDefinition } from "./read-definition.ts";

/** Definitions that were read lately are kept: an execution asks for its own at every step. */
const MAX_KEPT = 64;

export interface VersionRef {
  readonly pipelineId: number;
  readonly version: number;
}

/** The table `pipeline_version`. A version never changes. */
export function createDefinitions(sql: Sql) {
  const kept = new Map<string, PipelineDefinition>();

  /** The text as it was given; undefined when there is no such version. */
  async function readText({ pipelineId, version }: VersionRef): Promise<string | undefined> {
    const [row] = await sql.query<{ definition: string }>(
      "select definition from pipeline_version where pipeline_id = $1 and version = $2",
      [pipelineId, version],
      { name: "pipeline-version" },
    );
    return row?.definition;
  }

  async function read(ref: VersionRef): Promise<PipelineDefinition> {
    const key = `${ref.pipelineId}/${ref.version}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const text = await readText(ref);
    if (text === undefined)
      throw new Error(`The definition of pipeline ${ref.pipelineId}, version ${ref.version} is gone`);
    const definition = readDefinition(text);
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(key, definition);
    return definition;
  }

  async function write(
    connection: SqlConnection,
    { pipelineId, version }: VersionRef,
    text: string,
    at: Date,
  ): Promise<void> {
    await connection.query(
      "insert into pipeline_version (pipeline_id, version, definition, created_at) values ($1, $2, $3, $4)",
      [pipelineId, version, text, at],
    );
  }

  return { read, readText, write };
}
