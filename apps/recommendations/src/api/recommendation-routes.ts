import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Answer } from "../answers/answer.ts";
import { explainOffers } from "../answers/explain-offers.ts";
import { presentAnswer } from "../answers/present-answer.ts";
import { rankForUser, recommendForUser, recommendSimilar } from "../answers/recommend.ts";
import type { ApplicationContext } from "../application-context.ts";
import { readRunningExperiment, variantOf } from "../experiments/experiment.ts";
import type { AnswerMeter, MeteredRoute } from "../monitoring/answer-meter.ts";
import type { ExposureLog } from "../monitoring/exposure-log.ts";
import { unifyCustomerId, unifyProductId } from "../orders/unify-id.ts";
import type { Reranking } from "../reranking/rerank.ts";
import { answering, HttpError } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";
import { ANSWER_PROPERTIES, ANSWER_REQUIRED, RERANKING } from "./offer-schema.ts";

const MOST_RESULTS = 100;
const DEFAULT_RESULTS = 10;

const QUERY = {
  type: "object",
  additionalProperties: false,
  properties: {
    num_results: numberParameter("1 to 100; default 10"),
    revenue_weight: numberParameter("0: by relevance alone, 1: by price alone; default 0"),
    diversity: numberParameter("0: by score alone, 1: as different as can be; default 0"),
    explain: { type: "string", enum: ["true", "false"], description: "Whether each offer gets a reason" },
  },
} as const;

interface Query {
  readonly num_results?: string;
  readonly revenue_weight?: string;
  readonly diversity?: string;
  readonly explain?: "true" | "false";
}

const USER_ANSWER = {
  type: "object",
  required: [...ANSWER_REQUIRED, "user_id", "recommendation_id"],
  properties: {
    user_id: { type: "string" },
    recommendation_id: { type: "string", description: "For POST /clicks" },
    variant: { type: ["string", "null"], description: "Of the experiment that runs" },
    ...ANSWER_PROPERTIES,
    reranking: RERANKING,
  },
} as const;

const SIMILAR_ANSWER = {
  type: "object",
  required: [...ANSWER_REQUIRED, "product_id"],
  properties: { product_id: { type: "string" }, ...ANSWER_PROPERTIES, reranking: RERANKING },
} as const;

const RANKING_ANSWER = {
  type: "object",
  required: [...ANSWER_REQUIRED, "user_id"],
  properties: { user_id: { type: "string" }, ...ANSWER_PROPERTIES },
} as const;

const RANKING_BODY = {
  type: "object",
  required: ["user_id", "product_ids"],
  additionalProperties: false,
  properties: {
    user_id: { type: "string", minLength: 1, maxLength: 255 },
    product_ids: {
      type: "array",
      minItems: 1,
      maxItems: 500,
      items: { type: "string", minLength: 1, maxLength: 255 },
    },
  },
} as const;

export interface RecommendationRoutesOptions {
  readonly context: ApplicationContext;
  readonly meter: AnswerMeter;
  readonly exposures: ExposureLog;
}

/** Recommendations for a user, what is similar to a product, and a list in a user's order (P-28). */
export function recommendationRoutes(options: RecommendationRoutesOptions): (scope: FastifyInstance) => void {
  const { context, meter } = options;

  /** Every answer is counted with its source and time, also one that fails. */
  async function metered(route: MeteredRoute, answer: () => Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now();
    let source: Answer["source"] | "failed" = "failed";
    try {
      const given = await answer();
      ({ source } = given);
      return given;
    } finally {
      meter.record({ route, source, milliseconds: performance.now() - startedAt });
    }
  }

  return (scope) => {
    scope.get<{ Params: { user_id: string }; Querystring: Query }>(
      "/recommendations/users/:user_id",
      {
        schema: {
          summary: "What to offer a user; unknown users get what is popular",
          querystring: QUERY,
          response: answering(USER_ANSWER),
        },
      },
      async ({ params, query }) => {
        const userId = requiredId(unifyCustomerId(params.user_id), "user_id");
        return recommendToUser(options, userId, { query, metered });
      },
    );
    scope.get<{ Params: { product_id: string }; Querystring: Query }>(
      "/recommendations/products/:product_id/similar",
      {
        schema: {
          summary: "Similar products, for cross-selling",
          querystring: QUERY,
          response: answering(SIMILAR_ANSWER),
        },
      },
      async ({ params, query }) => {
        const product_id = requiredId(unifyProductId(params.product_id), "product_id");
        const { count, reranking } = readQuery(query);
        const length = lengthOf(context, count, reranking);
        const answer = await metered("similar", () => recommendSimilar(context, product_id, length));
        const { offers, reranking: effect } = await presentAnswer(context.database, answer, { count, reranking });
        return { product_id, ...aboutAnswer(answer), recommendations: offers, reranking: effect };
      },
    );
    scope.post<{ Body: { user_id: string; product_ids: string[] } }>(
      "/recommendations/ranking",
      {
        schema: {
          summary: "Products in the order in which a user likes them",
          body: RANKING_BODY,
          response: answering(RANKING_ANSWER),
        },
      },
      async ({ body }) => {
        const user_id = requiredId(unifyCustomerId(body.user_id), "user_id");
        const ids = [...new Set(body.product_ids.flatMap((id) => unifyProductId(id) ?? []))];
        const answer = await metered("ranking", () => rankForUser(context, user_id, ids));
        const none = { revenue_weight: 0, diversity: 0 };
        const { offers } = await presentAnswer(context.database, answer, { count: ids.length, reranking: none });
        return { user_id, ...aboutAnswer(answer), recommendations: offers };
      },
    );
  };
}

interface Asked {
  readonly query: Query;
  readonly metered: (route: MeteredRoute, answer: () => Promise<Answer>) => Promise<Answer>;
}

async function recommendToUser(options: RecommendationRoutesOptions, userId: string, { query, metered }: Asked) {
  const { context, exposures } = options;
  const { database, clock } = context;
  const asked = readQuery(query);
  const experiment = await readRunningExperiment(database);
  const variant = experiment === undefined ? null : variantOf(experiment, userId);
  const treated = variant === "treatment" && experiment !== undefined && !asked.isReranked;
  const reranking = treated ? experiment.treatment : asked.reranking;
  const length = lengthOf(context, asked.count, reranking);
  const answer = await metered("user", () => recommendForUser(context, userId, length));
  const list = await presentAnswer(database, answer, { count: asked.count, reranking });
  const reasons =
    query.explain === "true" ? await explainOffers(database, userId, { ...answer, offers: list.offers }) : undefined;
  const recommendation_id = randomUUID();
  exposures.add({
    recommendation_id,
    user_id: userId,
    // Who asks for a re-ranking of his own takes no part.
    variant: asked.isReranked ? null : variant,
    source: answer.source,
    product_ids: list.offers.map(({ product_id }) => product_id),
    shown_at: clock.now(),
  });
  return {
    user_id: userId,
    recommendation_id,
    variant,
    ...aboutAnswer(answer),
    recommendations: list.offers.map((offer) => ({ ...offer, reason: reasons?.get(offer.product_id) })),
    reranking: list.reranking,
  };
}

/** Re-ranking chooses from the whole cached list. */
function lengthOf({ settings }: ApplicationContext, count: number, { revenue_weight, diversity }: Reranking): number {
  return revenue_weight > 0 || diversity > 0 ? Math.max(count, settings.listLength) : count;
}

function aboutAnswer({ source, fallback_reason, computed_at }: Answer) {
  return { source, fallback_reason, computed_at };
}

function readQuery(query: Query): { count: number; reranking: Reranking; isReranked: boolean } {
  const count = readNumber(["num_results", query.num_results], DEFAULT_RESULTS, {
    least: 1,
    most: MOST_RESULTS,
    isWhole: true,
  });
  const share = { least: 0, most: 1 };
  const reranking = {
    revenue_weight: readNumber(["revenue_weight", query.revenue_weight], 0, share),
    diversity: readNumber(["diversity", query.diversity], 0, share),
  };
  const isReranked = reranking.revenue_weight > 0 || reranking.diversity > 0;
  return { count, reranking, isReranked };
}

function requiredId(id: string | undefined, name: string): string {
  if (id === undefined) throw new HttpError(400, "InvalidRequest", `${name} is no id.`);
  return id;
}
