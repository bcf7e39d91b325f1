import type { Sql } from "@rondo/store";
import type { CacheDefinition } from "./definition.ts";

/** What a step of an earlier execution made. */
export interface StepResult {
  readonly executionArn: string;
  readonly resourceName: string;
  readonly resourceArn: string;
}

export interface StepResultKey {
  readonly pipelineId: number;
  readonly cacheKey: string;
}

/** The table `pipeline_step_result`: the most recent successful run for each cache key of a pipeline. */
export function createStepResults(sql: Sql) {
  /** The result that a step with this cache configuration may use instead of running. */
  async function find(
    { pipelineId, cacheKey }: StepResultKey,
    { expiresAfterMs }: CacheDefinition,
    now: Date,
  ): Promise<StepResult | undefined> {
    const oldest = expiresAfterMs === undefined ? null : new Date(Math.max(0, now.getTime() - expiresAfterMs));
    const [row] = await sql.query<StepResult>(
      `select execution_arn as "executionArn", resource_name as "resourceName", resource_arn as "resourceArn"
       from pipeline_step_result
       where pipeline_id = $1 and cache_key = $2 and ($3::timestamptz is null or succeeded_at > $3)`,
      [pipelineId, cacheKey, oldest],
      { name: "pipeline-step-result-find" },
    );
    return row;
  }

  /** May be repeated; an older success never replaces a newer one. */
  async function write({ pipelineId, cacheKey }: StepResultKey, result: StepResult, at: Date): Promise<void> {
    await sql.query(
      `insert into pipeline_step_result (pipeline_id, cache_key, execution_arn, resource_name, resource_arn, succeeded_at)
       select id, $2, $3, $4, $5, $6 from resource where id = $1
       on conflict (pipeline_id, cache_key) do update
       set execution_arn = excluded.execution_arn, resource_name = excluded.resource_name,
         resource_arn = excluded.resource_arn, succeeded_at = excluded.succeeded_at
       where pipeline_step_result.succeeded_at < excluded.succeeded_at`,
      [pipelineId, cacheKey, result.executionArn, result.resourceName, result.resourceArn, at],
      { name: "pipeline-step-result-write" },
    );
  }

  return { find, write };
}

export type StepResults = ReturnType<typeof createStepResults>;
