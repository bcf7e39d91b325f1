import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { GetRecommendationsCommand } from "@aws-sdk/client-personalize-runtime";
import { campaignArn } from "@rondo/serve/testing";
import { openRuntimeHouse, type RuntimeHouse } from "./testing/runtime-house.ts";

interface RawItem {
  readonly itemId: string;
  readonly "rondo:explanation"?: readonly { readonly because: string; readonly share: number }[];
  readonly "rondo:propensity"?: number;
}

interface RawAnswer {
  readonly itemList: readonly RawItem[];
  readonly "rondo:notes"?: readonly string[];
}

/** What went over the wire: the SDK drops what it does not know. */
async function ask(
  { runtime }: RuntimeHouse,
  userId: string,
  headers: Readonly<Record<string, string>>,
): Promise<RawAnswer> {
  const command = new GetRecommendationsCommand({ campaignArn: campaignArn("campaign/offers"), userId, numResults: 4 });
  const bodies: Uint8Array[] = [];
  command.middlewareStack.add(
    (next) => async (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, headers);
      return await next(args);
    },
    { step: "build" },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      const response = output.response as { body: AsyncIterable<Uint8Array> };
      for await (const chunk of response.body) bodies.push(chunk);
      response.body = Readable.from([Buffer.concat(bodies)]);
      return output;
    },
    { step: "deserialize", priority: "low" },
  );
  await runtime.send(command);
  return JSON.parse(Buffer.concat(bodies).toString()) as RawAnswer;
}

test("with a header an answer gives its reasons, without it has AWS's shape", async () => {
  await using house = await openRuntimeHouse();
  const explores = { itemExplorationConfig: { explorationWeight: "0.5" } };
  await house.insert("campaign", "offers", house.campaignBody("s3://models/aws-user-personalization", explores));
  const plain = await ask(house, "u0", {});
  assert.deepEqual(Object.keys(plain), ["itemList", "recommendationId"]);
  for (const item of plain.itemList)
    assert.deepEqual(
      Object.keys(item).filter((name) => name.includes(":")),
      [],
    );

  const told = await ask(house, "u0", { "x-rondo-explain": "true" });
  for (const item of told.itemList) {
    const shares = item["rondo:explanation"]?.map(({ share }) => share) ?? [];
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6);
    assert.ok((item["rondo:propensity"] ?? 0) > 0);
  }
  assert.deepEqual(told["rondo:notes"], []);
  const stranger = await ask(house, "nobody", { "x-rondo-explain": "true" });
  assert.deepEqual(stranger["rondo:notes"], ["unknown user: popular items"]);
});
