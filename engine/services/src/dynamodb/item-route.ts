import type { IncomingMessage } from "node:http";
import type { Items, Resources } from "@rondo/store";
import { AwsError, type Caller, type DirectExchange, type DirectRoute } from "@rondo/wire";
import { encodeGivenKey, encodeItemKey } from "./item-key.ts";
import { readItem } from "./read-attribute-value.ts";
import { createTableFinder } from "./tables.ts";
import { toContent } from "./write-item.ts";

/** Bytes of a request that is answered this way; larger items go through the schemas. */
const MAX_BODY_BYTES = 16 << 10;

const CONTENT_TYPE = "application/x-amz-json-1.0";

type Body = Readonly<Record<string, unknown>>;

/** The answer, or undefined for what only the schemas know. */
type Answer = (body: Body, caller: Caller) => Promise<string> | undefined;

/**
 * PutItem and GetItem of whole items around the schemas: the same answers at a third of the cost. Everything else that their inputs may say, and
 * everything that is wrong with a request, is declined and goes through the schemas. A test compares both ways.
 */
export function createItemRoute({
  items,
  resources,
}: {
  readonly items: Items;
  readonly resources: Resources;
}): DirectRoute {
  const tables = createTableFinder({ resources });

  function putItem(body: Body, caller: Caller): Promise<string> | undefined {
    const { TableName: name, Item: given, ...more } = body;
    if (typeof name !== "string" || Object.keys(more).length > 0) return undefined;
    const item = readItem(given);
    return tables.use(caller, name, async (table) => {
      const content = toContent(table, item);
      const key = encodeItemKey(table.key, item);
      await items.put({ table: table.itemTable, key, content });
      return "{}";
    });
  }

  function getItem(body: Body, caller: Caller): Promise<string> | undefined {
    const { TableName: name, Key: given, ConsistentRead: isConsistent = false, ...more } = body;
    const isPlain = typeof name === "string" && typeof isConsistent === "boolean" && Object.keys(more).length === 0;
    if (!isPlain) return undefined;
    const key = readItem(given);
    return tables.use(caller, name, async (table) => {
      const value = await items.find({ table: table.itemTable, key: encodeGivenKey(table.key, key) });
      return value === undefined ? "{}" : `{"Item":${value}}`;
    });
  }

  const answers: ReadonlyMap<unknown, Answer> = new Map([
    ["DynamoDB_20120810.PutItem", putItem],
    ["DynamoDB_20120810.GetItem", getItem],
  ]);

  return {
    signingName: "dynamodb",
    protocol: "aws-json",
    maxBodyBytes: MAX_BODY_BYTES,
    matches: (request) => answers.has(request.headers["x-amz-target"]) && isPlain(request),
    handle(exchange) {
      const answer = answers.get(exchange.request.headers["x-amz-target"]);
      const answered = answer && readAnswer(answer, exchange);
      if (answered === undefined) exchange.decline();
      else {
        answered.then(
          (body) => exchange.respond(200, ["content-type", CONTENT_TYPE], body),
          // What failed otherwise may be written all the same: another try could undo a write that came in between.
          (error) => (error instanceof AwsError ? exchange.decline() : exchange.fail(error)),
        );
      }
    },
  };
}

/** Whatever is wrong with the input, the schemas have the words for it. */
function readAnswer(answer: Answer, { body, caller }: DirectExchange): Promise<string> | undefined {
  try {
    const input: unknown = JSON.parse(body.toString("utf8"));
    return typeof input === "object" && input !== null ? answer(input as Body, caller) : undefined;
  } catch {
    return undefined;
  }
}

function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === "POST" &&
    url === "/" &&
    headers["content-type"] === CONTENT_TYPE &&
    headers["content-encoding"] === undefined &&
    headers["x-amzn-query-mode"] === undefined &&
    Number(headers["content-length"] ?? Number.POSITIVE_INFINITY) <= MAX_BODY_BYTES &&
    headers.authorization?.includes("/dynamodb/aws4_request") === true
  );
}
