import type { ListPipelineVersionsRequest, ListPipelineVersionsResponse } from "@aws-sdk/client-sagemaker";
import type { Caller } from "@rondo/wire";
import { awsError } from "@rondo/wire";
import type { PipelineDependencies } from "./pipeline.ts";
import { requirePipeline } from "./pipeline-lookup.ts";

const DEFAULT_PAGE = 10;

interface VersionRow {
  readonly version: number;
  readonly created_at: Date;
}

/** ListPipelineVersions: the latest first, unless the request says otherwise. */
export function createPipelineVersionOperations({ sql, resources }: PipelineDependencies) {
  async function listPipelineVersions(
    input: ListPipelineVersionsRequest,
    caller: Caller,
  ): Promise<ListPipelineVersionsResponse> {
    const { id, arn } = await requirePipeline(resources, caller, input.PipelineName);
    const {
      CreatedAfter: after = null,
      CreatedBefore: before = null,
      MaxResults: limit = DEFAULT_PAGE,
      NextToken: token,
    } = input;
    const isAscending = input.SortOrder === "Ascending";
    const last = token === undefined ? null : Number(token);
    if (last !== null && !Number.isSafeInteger(last)) {
      throw awsError("ValidationException", "The value of NextToken is not one that ListPipelineVersions returned.");
    }
    const rows = await sql.query<VersionRow>(
      `select version, created_at from pipeline_version
       where pipeline_id = $1 and ($2::timestamptz is null or created_at > $2) and ($3::timestamptz is null or created_at < $3)
         and ($4::integer is null or version ${isAscending ? ">" : "<"} $4)
       order by version ${isAscending ? "asc" : "desc"} limit $5`,
      [id, after, before, last, limit + 1],
    );
    const page = rows.slice(0, limit);
    const PipelineVersionSummaries = page.map(({ version, created_at }) => ({
      PipelineArn: arn,
      PipelineVersionId: version,
      CreationTime: created_at,
    }));
    return { PipelineVersionSummaries, NextToken: rows.length > limit ? String(page.at(-1)?.version) : undefined };
  }

  return { listPipelineVersions };
}
