import assert from "node:assert/strict";
import { test } from "node:test";
import { smallModel, twoTastes } from "@rondo/personalize/testing";
import { CampaignModels, modelBytes } from "./campaign-models.ts";

const { signal } = new AbortController();

async function open(idleModels: number) {
  const model = await smallModel({ recipe: "aws-sims", events: twoTastes() });
  const reads: string[] = [];
  const released: string[] = [];
  const models = new CampaignModels({
    cache: { acquire: async ({ url = "" }) => ({ directory: url, release: () => void released.push(url) }) },
    open: async (directory) => {
      reads.push(directory);
      if (directory === "damaged" && reads.length === 1) throw new Error("damaged");
      return { ...model };
    },
    accountId: "rondo",
    signal,
    maxIdleBytes: idleModels * modelBytes(model),
  });
  return { models, reads, released };
}

test("a model is read once for all who ask, and its files are free then", async () => {
  const { models, reads, released } = await open(1);
  const [one, other] = await Promise.all([models.load("a", signal), models.load("a", signal)]);
  assert.equal(one, other);
  assert.deepEqual([reads, released], [["a"], ["a"]]);
  assert.equal(models.peek("a"), one);
});

test("what could not be read is tried again", async () => {
  const { models, released } = await open(1);
  await assert.rejects(models.load("damaged", signal), /damaged/);
  assert.ok(await models.load("damaged", signal));
  assert.equal(released.length, 2);
});

test("who gives up does not take the model from the others", async () => {
  const { models } = await open(1);
  const givenUp = models.load("a", AbortSignal.abort(new Error("given up")));
  const waiting = models.load("a", signal);
  await assert.rejects(givenUp, /given up/);
  assert.ok(await waiting);
});

test("models that nobody uses go, the longest idle first; those in use stay", async () => {
  const { models } = await open(1);
  await models.load("used", signal);
  const held = models.hold("used");
  for (const uri of ["a", "b", "c"]) await models.load(uri, signal);
  assert.deepEqual(
    ["used", "a", "b", "c"].filter((uri) => models.peek(uri) !== undefined),
    ["used", "c"],
  );
  held[Symbol.dispose]();
  assert.equal(models.peek("used"), undefined);
  assert.throws(() => models.hold("a"), /not in memory/);
});
