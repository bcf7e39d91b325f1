import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { contentSimilarity } from "./content-similarity.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { recommend } from "./recommend.ts";

/** The checkerboard, where an item's features are its colour and its number. */
function colouredCheckerboard(): Interactions {
  const board = checkerboard();
  const starts = Uint32Array.from({ length: board.items + 1 }, (_, item) => 2 * item);
  const columnIndexes = Uint32Array.from({ length: 2 * board.items }, (_, entry) =>
    entry % 2 === 0 ? (entry / 2) % 2 : 2 + (entry - 1) / 2,
  );
  return { ...board, itemFeatures: { rows: board.items, columns: 2 + board.items, starts, columnIndexes } };
}

testRecommender({
  recommender: contentSimilarity,
  parameters: {},
  interactions: colouredCheckerboard,
  check: checkCheckerboard,
});

/** Item 3 is new: nobody knows it, but it has the feature of item 1, which those know who know item 0. */
const withNewItem = createInteractions({
  users: 3,
  items: 4,
  events: { users: Uint32Array.of(0, 0, 1, 1, 2, 2), items: Uint32Array.of(0, 1, 0, 1, 2, 0) },
  itemFeatures: {
    rows: 4,
    columns: 3,
    starts: Uint32Array.of(0, 1, 2, 3, 4),
    columnIndexes: Uint32Array.of(0, 1, 2, 1),
  },
});

test("an item that nobody knows is recommended for what its like is known together with", async () => {
  const asker = createInteractions({
    users: 1,
    items: 4,
    events: { users: Uint32Array.of(0), items: Uint32Array.of(0) },
  });
  const best = async (collaborative: boolean): Promise<number[]> => {
    const model = await contentSimilarity.fit({ collaborative }, withNewItem, { seed: 1, threads: 1 });
    return [...recommend(contentSimilarity.open(model), asker, 0, { count: 2, exclude: "history" }).items];
  };
  assert.deepEqual(await best(true), [1, 3]);
  assert.notEqual((await best(false))[1], 3);
});

test("without features of the items, or with those of others, there is nothing to compare", async () => {
  const { itemFeatures: _, ...bare } = withNewItem;
  await assert.rejects(contentSimilarity.fit({}, bare, { seed: 1, threads: 1 }), /needs features/);
  const other = {
    ...withNewItem,
    itemFeatures: { rows: 1, columns: 1, starts: Uint32Array.of(0, 0), columnIndexes: new Uint32Array(0) },
  };
  await assert.rejects(contentSimilarity.fit({}, other, { seed: 1, threads: 1 }), /features of 1 items, but 4/);
  const beyond = { ...withNewItem.itemFeatures, columns: 1 } as NonNullable<typeof withNewItem.itemFeatures>;
  const fitting = contentSimilarity.fit({}, { ...withNewItem, itemFeatures: beyond }, { seed: 1, threads: 1 });
  await assert.rejects(fitting, /has feature 1 of 1/);
});
