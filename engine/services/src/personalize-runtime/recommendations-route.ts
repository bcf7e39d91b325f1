import type { IncomingMessage } from "node:http";
import type { RecommendedItem } from "@rondo/personalize";
import type { Campaigns } from "@rondo/serve";
import type { DirectExchange, DirectRoute } from "@rondo/wire";
import {
  type AnswerOptions,
  type CampaignAnswer,
  createCampaignAnswers,
  type PossiblyLater,
} from "./campaign-answers.ts";
import { plainRankingRequest, plainRecommendationsRequest } from "./plain-request.ts";

/** 500 ids of 256 characters, with what JSON may make of them. */
const MAX_BODY_BYTES = 1 << 20;
const CONTENT_TYPE = "application/json";

/** Asks for reasons; our extension, which only this way has. */
const EXPLAIN_HEADER = "x-rondo-explain";

const LISTS: Readonly<Record<string, string>> = {
  "/recommendations": "itemList",
  "/personalize-ranking": "personalizedRanking",
};

/**
 * GetRecommendations and GetPersonalizedRanking around the schemas: the same answers (one test compares both ways), without promises as long as the campaign is in
 * memory. What the schemas would not let through is declined and goes their way.
 *
 * With the header `x-rondo-explain: true` the answer says more than AWS's: each item has `rondo:explanation`, a list of `{ because, itemId?, eventType?, share }`
 * whose shares sum to 1, and `rondo:propensity`, with which probability it stands at its place where the campaign explores; beside the list stands `rondo:notes`, what stood
 * in for what is unknown. Without the header the answer has AWS's shape and nothing else.
 */
export function createRecommendationsRoute({
  campaigns,
}: {
  readonly campaigns: Pick<Campaigns, "open" | "now" | "shown">;
}): DirectRoute {
  const answers = createCampaignAnswers(campaigns);

  function ask(
    { request, body, caller }: DirectExchange,
    options: AnswerOptions,
  ): PossiblyLater<CampaignAnswer> | undefined {
    const members: unknown = JSON.parse(body.toString("utf8"));
    if (request.url === "/recommendations") {
      const input = plainRecommendationsRequest(members);
      return input && answers.recommendations(input, caller, options);
    }
    const input = plainRankingRequest(members);
    return input && answers.ranking(input, caller, options);
  }

  return {
    signingName: "personalize",
    protocol: "rest-json",
    maxBodyBytes: MAX_BODY_BYTES,
    matches: isPlain,
    handle(exchange) {
      const explain = exchange.request.headers[EXPLAIN_HEADER] === "true";
      const list = LISTS[exchange.request.url ?? ""] ?? "";
      const respond = (answer: CampaignAnswer): void =>
        exchange.respond(200, ["Content-Type", CONTENT_TYPE], writeAnswer(list, answer, explain));
      const refuse = (error: unknown): void => {
        if (error instanceof SyntaxError) exchange.decline();
        else exchange.fail(error);
      };
      try {
        const answer = ask(exchange, { receivedAt: campaigns.now(), explain });
        if (answer === undefined) exchange.decline();
        else if (answer instanceof Promise) answer.then(respond).catch(refuse);
        else respond(answer);
      } catch (error) {
        refuse(error);
      }
    },
  };
}

function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === "POST" &&
    url !== undefined &&
    Object.hasOwn(LISTS, url) &&
    headers["content-type"] === CONTENT_TYPE &&
    headers["content-encoding"] === undefined &&
    Number(headers["content-length"] ?? Number.POSITIVE_INFINITY) <= MAX_BODY_BYTES &&
    headers.authorization?.includes("/personalize/aws4_request") === true
  );
}

function writeAnswer(list: string, { items, notes, recommendationId }: CampaignAnswer, explain: boolean): string {
  const told = explain ? items.map(explained) : items.map(plain);
  return JSON.stringify({ [list]: told, recommendationId, ...(explain && { "rondo:notes": notes }) });
}

function plain({ itemId, score, promotionName, metadata, reason }: RecommendedItem): object {
  return { itemId, score, promotionName, metadata, reason };
}

function explained(item: RecommendedItem): object {
  return { ...plain(item), "rondo:explanation": item.explanation, "rondo:propensity": item.propensity };
}
