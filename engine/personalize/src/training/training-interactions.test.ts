import assert from "node:assert/strict";
import { test } from "node:test";
import { createInteractions, type Interactions } from "@rondo/learn";
import { basketsOf } from "./baskets.ts";
import { chooseHoldOut } from "./choose-hold-out.ts";
import { keepUsualItems } from "./item-percentiles.ts";
import { splitUsers } from "./metrics/split-users.ts";
import { keepUsualHistories, requireEnough } from "./training-interactions.ts";

const DAY = 86_400;

/** User u has events with as many items as told, at the times that `timeOf` tells. */
function histories(lengths: readonly number[], timeOf = (_user: number, place: number): number => place): Interactions {
  const events = lengths.flatMap((length, user) => Array.from({ length }, (_, place) => ({ user, place })));
  return createInteractions({
    users: lengths.length,
    items: Math.max(...lengths),
    events: {
      users: Uint32Array.from(events, ({ user }) => user),
      items: Uint32Array.from(events, ({ place }) => place),
      times: Float64Array.from(events, ({ user, place }) => timeOf(user, place)),
    },
  });
}

test("25 users need 2 interactions each, where users are looked at", () => {
  const interactions = histories([...Array.from({ length: 24 }, () => 50), ...Array.from({ length: 100 }, () => 1)]);
  assert.throws(
    () => requireEnough(interactions, { needsUsers: true }),
    /There are 24 users with 2 or more interactions/,
  );
  requireEnough(interactions, { needsUsers: false });
});

test("histories outside of the percentiles are left out", () => {
  const lengths = Array.from({ length: 101 }, (_, user) => user + 1);
  const kept = keepUsualHistories(histories(lengths), { minimum: 0.05, maximum: 0.9 });
  assert.equal(kept.users, 86);
  assert.equal(kept.events.starts[1], 6);
});

test("items outside of the percentiles are left out", () => {
  // Item i is known to the users from i on: item 0 to all ten, item 9 to one.
  const interactions = histories(Array.from({ length: 10 }, (_, user) => user + 1));
  const kept = keepUsualItems(interactions, { minimum: 0.2, maximum: 0.8 });
  assert.deepEqual([...new Set(kept.events.items)].toSorted(), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("what is bought within an hour is one basket", () => {
  const times = [0, 0, 3000, 9000, 9100];
  const baskets = basketsOf(histories([5, 1], (user, place) => (user === 0 ? times[place] : 0)));
  assert.deepEqual([...baskets.events.starts], [0, 3, 5, 6]);
});

test("a choice is judged by what the times can tell", () => {
  const lengths = Array.from({ length: 200 }, () => 20);
  assert.equal(chooseHoldOut(histories(lengths, () => 7)).heldOut, "random-event");
  assert.equal(chooseHoldOut(histories(lengths)).heldOut, "last-event");
  const byDay = histories(lengths, (user, place) => (user / 200 + place * 3) * DAY);
  assert.deepEqual(chooseHoldOut(byDay), { heldOut: "last-period", periodDays: 7 });
});

test("a tenth of the users is judged by the newest tenth of their events", () => {
  const { train, inputs, truth } = splitUsers(histories(Array.from({ length: 100 }, () => 20)), 1);
  assert.deepEqual([train.users, inputs.users], [90, 10]);
  for (const [user, items] of truth.entries()) {
    assert.deepEqual([...items], [18, 19]);
    assert.equal(inputs.events.starts[user + 1] - inputs.events.starts[user], 18);
  }
});
