import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveDatasetGroup } from "./live-dataset-group.ts";

let number = 0;

function event(userId: string | undefined, ITEM_ID: string, EVENT_TYPE = "View", sessionId?: string) {
  number += 1;
  const content = { ITEM_ID, EVENT_TYPE, TIMESTAMP: number, EVENT_VALUE: 2, DEVICE: null };
  return { number, dataset: "Interactions", userId, sessionId, content };
}

const itemsOf = (group: LiveDatasetGroup, user: string): string[] =>
  group.ofItems.eventsOf(user).map(({ itemId = "" }) => itemId);

test("of each event type the newest hundred of a user are kept", () => {
  const group = new LiveDatasetGroup();
  group.take(event("u", "first", "Purchase"));
  for (let index = 0; index < 150; index += 1) group.take(event("u", `i${index}`));
  const items = itemsOf(group, "u");
  assert.equal(items.length, 101);
  assert.equal(items[0], "first");
  assert.equal(items[1], "i50");
  assert.equal(items.at(-1), "i149");
  assert.equal(group.events, 101);
});

test("beyond the limit those go whose newest event is oldest", () => {
  const group = new LiveDatasetGroup({ mostEvents: 4 });
  for (const user of ["a", "b", "a", "c", "c"]) group.take(event(user, "x"));
  assert.deepEqual(
    ["a", "b", "c"].map((user) => itemsOf(group, user).length),
    [2, 0, 2],
  );
  assert.equal(group.events, 4);
});

test("a session's events become those of the user who is named in it", () => {
  const group = new LiveDatasetGroup();
  group.take(event(undefined, "before", "View", "s"));
  group.take(event("u", "elsewhere", "View", "t"));
  assert.deepEqual(itemsOf(group, "s"), ["before"]);
  group.take(event("u", "now", "View", "s"));
  assert.deepEqual(itemsOf(group, "u"), ["before", "elsewhere", "now"]);
  assert.deepEqual(itemsOf(group, "s"), []);
  assert.equal(group.events, 3);
  group.forget("u");
  assert.equal(group.events, 0);
});

test("items are told of when they are published, users at once, actions apart", () => {
  const group = new LiveDatasetGroup();
  const items = group.ofItems;
  group.take({ number: 1, dataset: "Items", content: { ITEM_ID: "i", PRICE: 2, IS_NEW: true, COLOUR: null } });
  group.take({ number: 2, dataset: "Users", userId: "u", content: { AGE: 7 } });
  group.take({ number: 3, dataset: "Actions", content: { ACTION_ID: "join" } });
  assert.deepEqual([items.itemsVersion, items.changedItems], [0, []]);
  group.publishItems();
  group.publishItems();
  assert.deepEqual([items.itemsVersion, items.changedItems], [1, ["i"]]);
  assert.deepEqual(items.item("i"), { ITEM_ID: "i", PRICE: 2, IS_NEW: 1 });
  assert.deepEqual(items.user("u"), { AGE: 7 });
  assert.deepEqual(group.ofActions.changedItems, ["join"]);
  assert.deepEqual(items.item("join"), undefined);
});
