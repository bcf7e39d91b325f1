import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { QUARANTINE_REASONS, type QuarantineReason } from "../orders/inspect-line.ts";
import { countQuarantine, listQuarantine } from "../orders/quarantine.ts";
import { answering } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";

const QUARANTINE = {
  type: "object",
  required: ["lines_by_reason", "lines", "next_before"],
  properties: {
    lines_by_reason: { type: "object", additionalProperties: { type: "integer" } },
    next_before: { type: ["integer", "null"], description: "`before` of the next page; null: this was the last" },
    lines: {
      type: "array",
      items: {
        type: "object",
        required: ["quarantine_id", "order_id", "line_number", "reason", "detail"],
        properties: {
          quarantine_id: { type: "integer" },
          order_id: { type: "string" },
          line_number: { type: "integer", description: "From 1; 0 for the order as a whole" },
          reason: { type: "string", enum: QUARANTINE_REASONS },
          detail: { type: "string" },
          ordered_at: { type: "string" },
          received_at: { type: "string" },
          content: { type: "object", additionalProperties: true, description: "As the company sent it" },
        },
      },
    },
  },
} as const;

/** What was put aside; both services show it. */
export function quarantineRoutes({ database }: Pick<ApplicationContext, "database">): (scope: FastifyInstance) => void {
  return (scope) => {
    scope.get<{ Querystring: { reason?: QuarantineReason; before?: string; limit?: string } }>(
      "/quarantine",
      {
        schema: {
          summary: "The lines that are not learned from, newest first",
          querystring: {
            type: "object",
            additionalProperties: false,
            properties: {
              reason: { type: "string", enum: QUARANTINE_REASONS },
              before: numberParameter("Lines older than this quarantine_id"),
              limit: numberParameter("1 to 500; default 50"),
            },
          },
          response: answering(QUARANTINE),
        },
      },
      async ({ query }) => {
        const limit = readNumber(["limit", query.limit], 50, { least: 1, most: 500, isWhole: true });
        const before = query.before === undefined ? undefined : Number(query.before);
        const lines = await listQuarantine(database, { reason: query.reason, before, limit });
        const next_before = lines.length === limit ? (lines.at(-1)?.quarantine_id ?? null) : null;
        return { lines_by_reason: await countQuarantine(database), lines, next_before };
      },
    );
  };
}
