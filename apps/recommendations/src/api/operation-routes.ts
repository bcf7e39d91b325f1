import type { FastifyInstance } from "fastify";
import { type CacheName, invalidateCache } from "../answers/cache.ts";
import type { ApplicationContext } from "../application-context.ts";
import { unifyCustomerId, unifyProductId } from "../orders/unify-id.ts";
import { RUN_KINDS, type Run, type RunKindName } from "../runs/run.ts";
import { listRuns } from "../runs/run-store.ts";
import type { Runner } from "../runs/runner.ts";
import { answering } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";

const RUN = {
  type: "object",
  required: ["run_id", "kind", "status", "step", "reason", "started_at"],
  properties: {
    run_id: { type: "string" },
    kind: { type: "string", enum: RUN_KINDS },
    status: { type: "string", enum: ["Running", "Succeeded", "Failed"] },
    step: { type: "string", description: "What it does now, or did last" },
    state: { type: "object", additionalProperties: true, description: "What the steps so far have come to" },
    reason: { type: "string" },
    started_at: { type: "string", format: "date-time" },
    finished_at: { type: ["string", "null"] },
    failure_reason: { type: ["string", "null"], description: "Of a running one: why the step is tried again" },
  },
} as const;

const RUN_BODY = {
  type: "object",
  required: ["kind"],
  additionalProperties: false,
  properties: {
    kind: { type: "string", enum: ["training", "update", "batch", "quality"] },
    reason: { type: "string", minLength: 1, maxLength: 200 },
  },
} as const;

const INVALIDATION = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    cache: { type: "string", enum: ["users", "items"], description: "Default: both" },
    id: { type: "string", minLength: 1, maxLength: 255, description: "Of one user or product; default: all" },
    refill: { type: "boolean", description: "Whether a batch run begins at once" },
  },
} as const;

export interface OperationRoutesOptions {
  readonly context: ApplicationContext;
  readonly runner: Pick<Runner, "begin">;
}

/** What somebody who looks after the shop does: sees runs, begins them, empties the cache (P-35). */
export function operationRoutes({ context, runner }: OperationRoutesOptions): (scope: FastifyInstance) => void {
  const { database } = context;
  return (scope) => {
    scope.get<{ Querystring: { kind?: RunKindName; limit?: string } }>(
      "/runs",
      {
        schema: {
          summary: "Work in the background, newest first",
          querystring: {
            type: "object",
            additionalProperties: false,
            properties: { kind: { type: "string", enum: RUN_KINDS }, limit: numberParameter("1 to 200; default 20") },
          },
          response: answering({ type: "object", properties: { runs: { type: "array", items: RUN } } }),
        },
      },
      async ({ query: { kind, limit } }): Promise<{ runs: Run[] }> => ({
        runs: await listRuns(database, {
          kind,
          limit: readNumber(["limit", limit], 20, { least: 1, most: 200, isWhole: true }),
        }),
      }),
    );
    scope.post<{ Body: { kind: RunKindName; reason?: string } }>(
      "/runs",
      {
        schema: {
          summary: "Begin a run; one of its kind that runs already is answered",
          body: RUN_BODY,
          response: answering(RUN, 202),
        },
      },
      async ({ body: { kind, reason = "asked for" } }, reply) => reply.code(202).send(await runner.begin(kind, reason)),
    );
    scope.post<{ Body: { cache?: CacheName; id?: string; refill?: boolean } | null }>(
      "/cache/invalidate",
      {
        schema: {
          summary: "Throw cached lists away, after a major update",
          body: INVALIDATION,
          response: answering({ type: "object", properties: { invalidated: { type: "integer" } } }),
        },
      },
      async ({ body }) => {
        const { cache, id, refill = false } = body ?? {};
        const unified = cache === "items" ? unifyProductId(id) : unifyCustomerId(id);
        const invalidated = await invalidateCache(database, { cache, id: unified });
        if (refill) await runner.begin("batch", "the cache was emptied");
        return { invalidated };
      },
    );
  };
}
