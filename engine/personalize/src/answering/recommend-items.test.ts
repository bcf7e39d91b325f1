import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { bindFilter } from "../filters/bind-filter.ts";
import { openFilter } from "../filters/open-filter.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import { AnsweringError } from "./answering-error.ts";
import { openRecommender, type RecommenderOptions } from "./open-recommender.ts";
import type { LiveRecords, RecommendationRequest, RecommendedItem, Recommender } from "./recommender.ts";
import { DAY, liveRecords, type SmallModel, smallModel, twoTastes } from "./testing/small-model.ts";

const withoutExploration = { explorationWeight: 0, random: createRandom(1) };

async function open(
  given: Partial<SmallModel> = {},
  live: LiveRecords = liveRecords(),
  options: RecommenderOptions = withoutExploration,
): Promise<Recommender> {
  const model = await smallModel({ recipe: "aws-user-personalization", events: twoTastes(), ...given });
  return openRecommender(model, live, options);
}

const ids = (items: readonly RecommendedItem[]): string[] => items.map(({ itemId }) => itemId);
const taste = (items: readonly RecommendedItem[]): string =>
  ids(items)
    .map((id) => id[0])
    .join("");

function filter(recommender: Recommender, expression: string, values: Readonly<Record<string, string>> = {}) {
  return openFilter(bindFilter(parseFilter(expression), values), recommender.catalogue());
}

function sumOf(values: readonly (number | undefined)[]): number {
  return values.reduce((sum: number, value) => sum + (value ?? Number.NaN), 0);
}

suite("user personalization", () => {
  test("recommends what the user's like know, with scores that sum to 1 over the catalogue", async () => {
    const recommender = await open();
    const { items, notes } = recommender.recommend({ userId: "u0", numResults: 20 });
    assert.equal(items.length, 20);
    assert.equal(taste(items.slice(0, 8)), "aaaaaaaa");
    assert.ok(Math.abs(sumOf(items.map(({ score }) => score)) - 1) < 1e-4);
    for (const [place, { score = 0 }] of items.entries()) assert.ok(score <= (items[place - 1]?.score ?? 1));
    assert.deepEqual(notes, []);
  });

  test("an event that was put now changes the next answer; one that was learned from does not count twice", async () => {
    const events: Record<string, { itemId: string; number: number }[]> = { u0: [{ itemId: "b1", number: 10 }] };
    const recommender = await open({}, { ...liveRecords(), eventsOf: (user) => liveRecords(events).eventsOf(user) });
    const before = recommender.recommend({ userId: "u0", numResults: 8 });
    assert.equal(taste(before.items), "aaaaaaaa");
    events.u0 = ["b1", "b2", "b3", "b4", "b5", "b6", "b7"].map((itemId, index) => ({ itemId, number: 11 + index }));
    const after = recommender.recommend({ userId: "u0", numResults: 8 });
    assert.match(taste(after.items), /b/);
  });

  test("somebody who is only known by events since the training is no unknown user", async () => {
    const recommender = await open({}, liveRecords({ session: [{ itemId: "b0" }, { itemId: "b1" }] }));
    const { items, notes } = recommender.recommend({ userId: "session", numResults: 4 });
    assert.equal(taste(items), "bbbb");
    assert.deepEqual(notes, []);
  });

  test("an unknown user is recommended what is popular, by its share, and it is said", async () => {
    const recommender = await open();
    const { items, notes } = recommender.recommend({ userId: "nobody", numResults: 20 });
    assert.deepEqual(notes, ["unknown user: popular items"]);
    assert.deepEqual(new Set(ids(items).slice(0, 6)), new Set(["a0", "a1", "a2", "b0", "b1", "b2"]));
    assert.ok(Math.abs(sumOf(items.map(({ score }) => score)) - 1) < 1e-4);
    assert.ok(Math.abs((items[0]?.score ?? 0) - 10.5 / (120 + 10)) < 1e-4);
  });

  test("events of types that were not learned from do not count", async () => {
    const selection = { types: { view: { weight: 1 } } };
    const live = liveRecords({ stranger: [{ itemId: "b0", eventType: "Purchase" }] });
    const recommender = await open({ eventSelection: selection }, live);
    assert.deepEqual(recommender.recommend({ userId: "stranger", numResults: 1 }).notes, [
      "unknown user: popular items",
    ]);
  });

  test("a context lifts what is used in it", async () => {
    const events = twoTastes().map((event) => ({
      ...event,
      device: ["a3", "a4"].includes(event.item) ? "tv" : "phone",
    }));
    const recommender = await open({ events });
    const request = { userId: "u0", numResults: 20 } as const;
    const rank = (answer: readonly RecommendedItem[]): number => ids(answer).indexOf("a3");
    const plain = recommender.recommend(request).items;
    const onTv = recommender.recommend({ ...request, context: { DEVICE: "tv" } }).items;
    assert.ok(rank(onTv) < rank(plain), `${rank(onTv)} of ${rank(plain)}`);
    assert.ok(Math.abs(sumOf(onTv.map(({ score }) => score)) - 1) < 1e-4);
    assert.throws(() => recommender.recommend({ ...request, context: { COLOUR: "red" } }), {
      name: "AnsweringError",
      message: /COLOUR.*DEVICE/,
    });
    assert.deepEqual(recommender.recommend({ ...request, context: { DEVICE: "unheard of" } }).items, plain);
  });

  test("asks for what the recipe needs, and for as many results as AWS allows", async () => {
    const recommender = await open();
    const refuse = (request: RecommendationRequest, field: string): void =>
      assert.throws(
        () => recommender.recommend(request),
        (error) => error instanceof AnsweringError && error.field === field,
      );
    refuse({ numResults: 1 }, "userId");
    refuse({ userId: "u0", numResults: 501 }, "numResults");
    refuse({ userId: "u0", numResults: 51, metadataColumns: ["GENRE"] }, "numResults");
    assert.throws(() => recommender.rank({ userId: "u0", inputList: ["a0"] }), AnsweringError);
  });
});

suite("filters and promotions", () => {
  const genres = Object.fromEntries([...Array(10).keys()].map((item) => [`a${item}`, item % 2 === 0 ? "even" : "odd"]));

  test("a filter keeps what the user has bought out; also what he bought just now", async () => {
    const live = liveRecords({ u0: [{ itemId: "a1", eventType: "purchase" }] });
    const recommender = await open({}, live);
    const bought = filter(recommender, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Purchase")');
    const { items } = recommender.recommend({ userId: "u0", numResults: 20, filter: bought });
    assert.equal(items.length, 18);
    assert.ok(!ids(items).includes("a1"));
    const known = filter(recommender, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")');
    const fresh = recommender.recommend({ userId: "u0", numResults: 20, filter: known }).items;
    assert.equal(taste(fresh.slice(0, 4)), "aaaa");
    assert.equal(fresh.length, 20 - 6);
  });

  test("a share of the list is promoted, at places drawn at random, each kind in its order", async () => {
    const recommender = await open({ itemColumns: { GENRE: genres } });
    const promotion = {
      name: "odd-ones",
      percentPromotedItems: 30,
      filter: filter(recommender, 'INCLUDE ItemID WHERE Items.GENRE IN ("odd")'),
    };
    const places = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const { items } = recommender.recommend({ userId: "u1", numResults: 10, promotion });
      const promoted = items.filter(({ promotionName }) => promotionName === "odd-ones");
      assert.equal(items.length, 10);
      assert.equal(new Set(ids(items)).size, 10);
      assert.deepEqual(promoted.length, 3);
      for (const { itemId } of promoted) assert.equal(genres[itemId], "odd");
      for (const list of [promoted, items.filter(({ promotionName }) => promotionName === undefined)]) {
        const scores = list.map(({ score = 0 }) => score);
        assert.deepEqual(
          scores,
          scores.toSorted((one, other) => other - one),
        );
      }
      places.add(items.map(({ promotionName }) => (promotionName === undefined ? "-" : "p")).join(""));
    }
    assert.ok(places.size > 5, [...places].join(" "));
  });

  test("tells the columns that are asked for", async () => {
    const prices = Object.fromEntries([...Array(10).keys()].map((item) => [`a${item}`, item / 2]));
    const recommender = await open({ itemColumns: { GENRE: genres, PRICE: prices } });
    const request = { userId: "u0", numResults: 20, metadataColumns: ["GENRE", "PRICE"] };
    const items = new Map(recommender.recommend(request).items.map((item) => [item.itemId, item.metadata]));
    assert.deepEqual(items.get("a3"), { GENRE: "odd", PRICE: "1.5" });
    assert.deepEqual(items.get("b3"), {});
    assert.throws(() => recommender.recommend({ ...request, metadataColumns: ["NONE"] }), /no column NONE/);
  });
});

suite("related and popular items", () => {
  test("an item's like are related to it, without scores and without itself", async () => {
    const recommender = await open({ recipe: "aws-sims" });
    const { items } = recommender.recommend({ itemId: "b0", numResults: 5 });
    assert.equal(taste(items), "bbbbb");
    assert.ok(!ids(items).includes("b0"));
    assert.ok(items.every(({ score }) => score === undefined));
    assert.throws(() => recommender.recommend({ numResults: 5 }), { field: "itemId" });
  });

  test("an unknown item's are the popular ones, and it is said", async () => {
    const recommender = await open({ recipe: "aws-sims" });
    const { items, notes } = recommender.recommend({ itemId: "none", numResults: 6 });
    assert.deepEqual(new Set(ids(items)), new Set(["a0", "a1", "a2", "b0", "b1", "b2"]));
    assert.deepEqual(notes, ["unknown item: popular items"]);
  });

  test("popular items are the same for everybody", async () => {
    const recommender = await open({ recipe: "aws-popularity-count" });
    const { items } = recommender.recommend({ numResults: 6 });
    assert.deepEqual(new Set(ids(items)), new Set(["a0", "a1", "a2", "b0", "b1", "b2"]));
    assert.ok(items.every(({ score }) => score === undefined));
    assert.deepEqual(recommender.recommend({ userId: "u1", numResults: 6 }).items, items);
  });

  test("a domain's use case hides what the user has bought", async () => {
    const live = liveRecords({ u1: [{ itemId: "b1", eventType: "purchase" }] });
    const recommender = await open({ recipe: "aws-ecomm-customers-who-viewed-x-also-viewed" }, live);
    const all = ids(recommender.recommend({ userId: "u0", itemId: "b0", numResults: 20 }).items);
    const others = ids(recommender.recommend({ userId: "u1", itemId: "b0", numResults: 20 }).items);
    assert.ok(all.includes("b1"));
    assert.ok(!others.includes("b1"));
  });
});

suite("exploration", () => {
  const categories = (): Record<string, string> => {
    const columns: Record<string, string> = {};
    for (let item = 0; item < 10; item += 1) {
      columns[`a${item}`] = "red|small";
      columns[`b${item}`] = "blue";
    }
    return columns;
  };
  const young = { newRed: { COLOUR: "red|small" }, newBlue: { COLOUR: "blue" } };

  test("tries new items out, the more the more they are like what the user knows", async () => {
    const created = Object.fromEntries(Object.keys(categories()).map((id) => [id, -100 * DAY]));
    const columns = { COLOUR: categories(), CREATION_TIMESTAMP: created };
    const random = createRandom(3);
    const recommender = await open({ itemColumns: columns }, liveRecords({}, young), { random });
    const counts = { newRed: 0, newBlue: 0 };
    const rounds = 2000;
    for (let round = 0; round < rounds; round += 1) {
      const { items } = recommender.recommend({ userId: "u0", numResults: 1 });
      const { itemId = "", score } = items[0] ?? {};
      if (itemId === "newRed" || itemId === "newBlue") {
        counts[itemId] += 1;
        assert.equal(score, undefined);
      }
    }
    assert.ok(Math.abs((counts.newRed + counts.newBlue) / rounds - 0.3) < 0.05, JSON.stringify(counts));
    assert.ok(counts.newRed > 20 * counts.newBlue, JSON.stringify(counts));
  });

  test("goes by the items' age, and not at all where a campaign's weight is 0", async () => {
    // Of twoTastes' 25 days everything is of the last 30; items of fewer than 20 users are tried out.
    const explored = async (options: Partial<RecommenderOptions>, live?: LiveRecords) => {
      const recommender = await open({}, live, { random: createRandom(5), ...options });
      return recommender
        .recommend({ userId: "u0", numResults: 10 })
        .items.some(({ propensity }) => propensity !== undefined);
    };
    assert.equal(await explored({}), true);
    assert.equal(await explored({ explorationItemAgeCutOff: 0.5 }), false);
    assert.equal(await explored({ explorationWeight: 0 }), false);
    assert.equal(await explored({ explorationWeight: 0 }, liveRecords({}, young)), false);
  });

  test("a filter holds for what is tried out, and names what is new", async () => {
    const recommender = await open({ itemColumns: { COLOUR: categories() } }, liveRecords({}, young), {
      random: createRandom(7),
      explorationWeight: 1,
    });
    const blue = filter(recommender, 'INCLUDE ItemID WHERE Items.COLOUR IN ("blue")');
    const { items } = recommender.recommend({ userId: "u0", numResults: 25, filter: blue });
    assert.equal(items.length, 11);
    assert.ok(ids(items).includes("newBlue") && !ids(items).includes("newRed"));
  });
});

suite("explanations", () => {
  test("name the items of the history, with shares that sum to 1", async () => {
    const recommender = await open();
    const { items } = recommender.recommend({ userId: "u0", numResults: 5, explain: true });
    for (const { explanation = [] } of items) {
      assert.ok(Math.abs(sumOf(explanation.map(({ share }) => share)) - 1) < 1e-6);
      assert.match(explanation[0]?.because ?? "", /^because of item a\d$/);
      assert.match(explanation[0]?.eventType ?? "", /^(View|Purchase)$/);
      const shares = explanation.map(({ share }) => share);
      assert.deepEqual(
        shares,
        shares.toSorted((one, other) => other - one),
      );
    }
    assert.equal(recommender.recommend({ userId: "u0", numResults: 1 }).items[0]?.explanation, undefined);
  });

  test("say what else was the reason", async () => {
    const popular = (await open()).recommend({ userId: "nobody", numResults: 1, explain: true }).items[0];
    assert.deepEqual(popular?.explanation, [{ because: "popular", share: 1 }]);
    const related = (await open({ recipe: "aws-sims" })).recommend({ itemId: "b0", numResults: 1, explain: true });
    assert.equal(related.items[0]?.explanation?.[0]?.because, "like item b0");
    const exploring = await open({}, liveRecords({}, { brandNew: { COLOUR: "green" } }), {
      random: createRandom(2),
      explorationWeight: 1,
      explorationItemAgeCutOff: 0,
    });
    const { items } = exploring.recommend({ userId: "u0", numResults: 1, explain: true });
    assert.equal(items[0]?.itemId, "brandNew");
    assert.deepEqual(items[0]?.explanation, [{ because: "exploring", share: 1 }]);
  });

  test("the second version of user personalization gives AWS's reasons", async () => {
    const recommender = await open({ recipe: "aws-user-personalization-v2" });
    assert.deepEqual(recommender.recommend({ userId: "nobody", numResults: 1 }).items[0]?.reason, ["Popular item"]);
    assert.equal(recommender.recommend({ userId: "u0", numResults: 1 }).items[0]?.reason, undefined);
  });
});
