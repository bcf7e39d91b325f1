import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { diagnose } from "../doctor/diagnose.ts";
import { readAnswerFigures } from "../monitoring/answer-meter.ts";
import { readBusinessFigures } from "../monitoring/business-figures.ts";
import { readCaches, readDataQuality } from "../quality/data-quality.ts";
import { measureDrift } from "../quality/drift.ts";
import { readModelQuality } from "../quality/model-quality.ts";
import { answering } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";

/** The members are those of the types that are named in the summary; the types are the documentation of record. */
function open(description: string) {
  return { type: "object", additionalProperties: true, description } as const;
}

export interface MonitoringRoutesOptions {
  readonly context: ApplicationContext;
  /** Writes what was counted or shown but is not in the database yet. */
  readonly flush: () => Promise<void>;
}

/** What the quality page shows (P-36 to P-43) and what the doctor finds (P-44, P-45). */
export function monitoringRoutes({ context, flush }: MonitoringRoutesOptions): (scope: FastifyInstance) => void {
  const { database, clock } = context;
  return (scope) => {
    scope.get<{ Querystring: { hours?: string } }>(
      "/monitoring",
      {
        schema: {
          summary:
            "Answers by source, hit rate, latency, failures, saved calls; click-through, conversion, revenue; the cache",
          querystring: {
            type: "object",
            additionalProperties: false,
            properties: { hours: numberParameter("How far back, 1 to 2880; default 24") },
          },
          response: answering(open("AnswerFigures, BusinessFigures and the state of both caches")),
        },
      },
      async ({ query }) => {
        const hours = readNumber(["hours", query.hours], 24, { least: 1, most: 2_880 });
        await flush();
        const since = new Date(clock.now().getTime() - hours * 3_600_000);
        const [business] = await readBusinessFigures(database, { since, byVariant: false });
        const answers = await readAnswerFigures(context, since);
        return { since, answers, business: business ?? null, cache: await readCaches(context) };
      },
    );
    scope.get(
      "/quality/data",
      {
        schema: {
          summary: "Missing, double and unusual data, coverage, freshness, drift, cold start",
          response: answering(open("DataQuality and Drift; drift is null while there are too few purchases")),
        },
      },
      async () => ({ now: await readDataQuality(context), drift: (await measureDrift(context)) ?? null }),
    );
    scope.get<{ Querystring: { limit?: string } }>(
      "/quality/data/history",
      {
        schema: {
          summary: "The reports of the scheduled looks at the data, newest first",
          querystring: { type: "object", properties: { limit: numberParameter("1 to 500; default 50") } },
          response: answering(open("reports: data and drift as of GET /quality/data, with reported_at")),
        },
      },
      async ({ query }) => ({
        reports: await database.query(
          "select reported_at, data, drift from recommendations.quality_reports order by reported_at desc limit $1",
          [readNumber(["limit", query.limit], 50, { least: 1, most: 500, isWhole: true })],
        ),
      }),
    );
    scope.get(
      "/quality/model",
      {
        schema: {
          summary: "Precision, recall and NDCG at 10 of every version, its judgement beside the live one, what is live",
          response: answering(open("solutions: versions of each solution, oldest first")),
        },
      },
      async () => ({ solutions: await readModelQuality(database) }),
    );
    scope.get(
      "/diagnosis",
      {
        schema: {
          summary: "What `rondo doctor recommendations` says",
          response: answering(open("checks: name, state (ok, warning, error), detail, advice")),
        },
      },
      async () => ({ checks: await diagnose(context) }),
    );
  };
}
