import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { listRegions, readRegionalView } from "../regional/regional-view.ts";
import { answering, HttpError } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";

const REGIONS = {
  type: "object",
  required: ["regions"],
  properties: {
    regions: {
      type: "array",
      items: {
        type: "object",
        properties: {
          location: { type: "string" },
          customers: { type: "integer" },
          active_customers: { type: "integer" },
        },
      },
    },
  },
} as const;

const VIEW = {
  type: "object",
  required: ["location", "sample", "products"],
  properties: {
    location: { type: "string" },
    sample: {
      type: "object",
      properties: {
        seed: { type: "integer", description: "Draws the same users again" },
        sample_size: { type: "integer", description: "As asked for; 0: all active users" },
        n: { type: "integer", description: "Users that were drawn" },
        active_users: { type: "integer" },
        with_recommendations: { type: "integer", description: "Of them, those whose list is in the cache" },
        sampled_at: { type: "string", format: "date-time" },
      },
    },
    products: {
      type: "array",
      items: {
        type: "object",
        properties: {
          product_id: { type: "string" },
          product_name: { type: "string" },
          category: { type: ["string", "null"] },
          matched: { type: "integer", description: "Sampled users who receive it" },
          n: { type: "integer" },
          match_rate: { type: "number", description: "Per cent, unrounded" },
          interval: {
            type: "object",
            description: "Wilson 95 %, per cent",
            properties: { low: { type: "number" }, high: { type: "number" } },
          },
          affinity: { type: "string", enum: ["High", "Medium", "Low"] },
          borderline: {
            type: "boolean",
            description: "The interval reaches over a border: another sample may say otherwise",
          },
          mean_score: { type: "number" },
        },
      },
    },
  },
} as const;

const QUERY = {
  type: "object",
  additionalProperties: false,
  properties: {
    seed: numberParameter("Draws the users by this seed; default: the stored sample"),
    sample_size: numberParameter("Users to draw; 0: all active ones; default: the setting"),
    list_length: numberParameter("How many of a user's list count as received, 1 to 100; default 10"),
    limit: numberParameter("Products to return, 1 to 500; default 20"),
  },
} as const;

type Query = Readonly<Partial<Record<keyof typeof QUERY.properties, string>>>;

/** The regional view (P-29 to P-31, P-34). */
export function regionRoutes(context: ApplicationContext): (scope: FastifyInstance) => void {
  return (scope) => {
    scope.get("/regions", { schema: { summary: "All regions", response: answering(REGIONS) } }, async () => ({
      regions: await listRegions(context),
    }));
    scope.get<{ Params: { location: string }; Querystring: Query }>(
      "/regions/:location",
      {
        schema: {
          summary: "What a region is offered, by a random sample of its active users",
          querystring: QUERY,
          response: answering(VIEW),
        },
      },
      async ({ params: { location }, query }) => {
        const whole = (name: keyof Query, byDefault: number, least: number, most: number) =>
          readNumber([name, query[name]], byDefault, { least, most, isWhole: true });
        const view = await readRegionalView(context, location, {
          seed: query.seed === undefined ? undefined : whole("seed", 0, 0, 2 ** 32 - 1),
          size: query.sample_size === undefined ? undefined : whole("sample_size", 0, 0, 1_000_000),
          listLength: whole("list_length", 10, 1, 100),
          limit: whole("limit", 20, 1, 500),
        });
        if (view.sample.active_users === 0) {
          throw new HttpError(
            404,
            "UnknownRegion",
            `No active customer lives in ${location}; GET /regions lists the regions.`,
          );
        }
        return view;
      },
    );
  };
}
