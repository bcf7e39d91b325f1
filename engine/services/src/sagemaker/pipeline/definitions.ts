import type { Sql, SqlConnection } from "@rondo/store";
import type { PipelineDefinition } from "./definition.ts";
import { readDefinition } from "./read-definition.ts";

/** Definitions that were read lately are kept: an execution asks for its own at every step. In characters of their text. */
const MAX_KEPT = 4_194_304;

export interface VersionRef {
  readonly pipelineId: number;
  readonly version: number;
}

interface KeptDefinition {
  readonly definition: PipelineDefinition;
  /** Of its text, in characters. */
  readonly size: number;
}

/** The table `pipeline_version`. A version never changes. */
export function createDefinitions(sql: Sql) {
  /** In the order of their last use. */
  const kept = new Map<string, KeptDefinition>();
  let keptSize = 0;

  function keep(key: string, entry: KeptDefinition): void {
    forget(key);
    kept.set(key, entry);
    keptSize += entry.size;
    for (const oldest of kept.keys()) {
      if (keptSize <= MAX_KEPT) break;
      forget(oldest);
    }
  }

  function forget(key: string): void {
    keptSize -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }

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
    if (known !== undefined) {
      keep(key, known);
      return known.definition;
    }
    const text = await readText(ref);
    if (text === undefined)
      throw new Error(`The definition of pipeline ${ref.pipelineId}, version ${ref.version} is gone`);
    const definition = readDefinition(text);
    keep(key, { definition, size: text.length });
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
