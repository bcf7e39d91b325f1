import assert from "node:assert/strict";
import { test } from "node:test";
import { createInteractions, type Interactions, popularity } from "@rondo/learn";
import { segmentMetrics } from "./segment-metrics.ts";
import { splitHistories } from "./split-users.ts";
import { trendAccuracy } from "./trend-accuracy.ts";

const HOUR = 3600;

/** 60 items, of which the first 30 are used ever oftener from hour to hour, the others always alike. */
function risingItems(): Interactions {
  const events = Array.from({ length: 10 }, (_, hour) =>
    Array.from({ length: 60 }, (_item, item) =>
      Array.from({ length: item < 30 ? 1 + hour * (1 + (item % 3)) : 8 }, () => ({ item, hour })),
    ),
  ).flat(2);
  return createInteractions({
    users: 1,
    items: 60,
    events: {
      users: new Uint32Array(events.length),
      items: Uint32Array.from(events, ({ item }) => item),
      times: Float64Array.from(events, ({ hour }) => (hour + 1) * HOUR),
    },
  });
}

test("who knows what rises has accuracy 1, who knows what does not has 0", async () => {
  const scoring = (score: (item: number) => number) => async () => ({
    items: 60,
    score: () => Float32Array.from({ length: 60 }, (_, item) => score(item)),
  });
  assert.equal(
    await trendAccuracy(
      risingItems(),
      1,
      scoring((item) => (item < 30 ? 1 + (item % 3) : 0)),
    ),
    1,
  );
  assert.equal(
    await trendAccuracy(
      risingItems(),
      1,
      scoring((item) => item),
    ),
    0,
  );
});

test("nothing rises in a single window", async () => {
  const learn = async (past: Interactions) => popularity.open(await popularity.fit({}, past, { seed: 1, threads: 1 }));
  assert.equal(await trendAccuracy(risingItems(), 1000, learn), 0);
});

test("segments are the top users of an item, judged by who took it then", async () => {
  // 200 users; each did item 0 first, and the even ones item 1 then.
  const users = Uint32Array.from({ length: 400 }, (_, event) => event % 200);
  const items = Uint32Array.from(users, (user, event) => (event < 200 ? 0 : user % 2 === 0 ? 1 : 2));
  const { inputs, truth } = splitHistories(createInteractions({ users: 200, items: 3, events: { users, items } }), 0.2);
  const scorer = {
    items: 3,
    score: (_histories: Interactions, user: number) =>
      Float32Array.of(0, user % 2 === 0 ? 1 : 0, user % 2 === 0 ? 1 : 0),
  };
  // Item 1's segment of 2 is right, item 2's is wrong; 100 users took each.
  assert.deepEqual(await segmentMetrics(scorer, { inputs, truth, seed: 1 }), { hit_at_k: 1, recall_at_k: 0.01 });
});
