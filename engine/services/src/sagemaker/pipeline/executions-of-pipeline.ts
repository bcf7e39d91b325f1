import type { SqlConnection } from "@rondo/store";
import { PIPELINE_EXECUTION } from "./execution-body.ts";
import type { Pipeline } from "./pipeline-body.ts";

/** The rows of a pipeline's executions, which are a range of names; `ofPipeline` are its parameters. */
export const OF_PIPELINE = "account_id = $1 and region = $2 and type = $3 and name > $4 || '/' and name < $4 || '0'";

export function ofPipeline({ accountId, region, name }: Pipeline): readonly unknown[] {
  return [accountId, region, PIPELINE_EXECUTION, name];
}

/** When the latest execution of a pipeline began. */
export async function lastRunTime(sql: SqlConnection, pipeline: Pipeline): Promise<Date | undefined> {
  const [row] = await sql.query<{ created_at: Date }>(
    `select created_at from resource where ${OF_PIPELINE} order by created_at desc limit 1`,
    ofPipeline(pipeline),
  );
  return row?.created_at;
}
