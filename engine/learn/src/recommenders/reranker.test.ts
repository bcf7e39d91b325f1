import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../algorithm.ts";
import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { blendComponent } from "./blend-components.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { itemItem } from "./item-item.ts";
import { popularity } from "./popularity.ts";
import { recommend } from "./recommend.ts";
import { createReranker } from "./reranker.ts";

testRecommender({
  recommender: createReranker([blendComponent(popularity), blendComponent(itemItem, { similarity: "cosine" })]),
  parameters: { heldOut: "random-event", rounds: 20 },
  interactions: checkerboard,
  check: checkCheckerboard,
});

const DAY = 86_400;
const context = { seed: 1, threads: 2 };

/** Every user goes through a round of 30 items day by day; of the ten items that both algorithms propose the one after the last is next. */
function rounds(): Interactions {
  const events = { users: [] as number[], items: [] as number[], times: [] as number[] };
  for (let user = 0; user < 300; user += 1) {
    for (let step = 0; step < 6; step += 1) {
      events.users.push(user);
      events.items.push((user * 7 + step) % 30);
      events.times.push((user % 50) * DAY + step * DAY);
    }
  }
  return createInteractions({
    users: 300,
    items: 30,
    events: {
      users: Uint32Array.from(events.users),
      items: Uint32Array.from(events.items),
      times: Float64Array.from(events.times),
    },
  });
}

test("the order learned on what was held out is better than that of each component", async () => {
  const interactions = rounds();
  const components = [blendComponent(popularity), blendComponent(itemItem, { similarity: "cosine", halfLifeItems: 3 })];
  const nextOf = (user: number): number => (user * 7 + 6) % 30;
  const hits = (scorer: Parameters<typeof recommend>[0]): number =>
    Array.from({ length: 300 }, (_, user) =>
      recommend(scorer, interactions, user, { count: 1, exclude: "history" }),
    ).filter(({ items }, user) => items[0] === nextOf(user)).length;
  const model = await createReranker(components).fit({}, interactions, context);
  const ours = hits(createReranker(components).open(model));
  for (const component of components) {
    const alone = hits((await component.fit(interactions, context)).open());
    assert.ok(ours >= alone, `${ours} of 300, alone ${alone}`);
  }
  assert.ok(ours > 150, String(ours));
});

test("where nothing that was held out is proposed there is no order to learn", async () => {
  const events = {
    users: Uint32Array.of(0, 0, 1, 1),
    items: Uint32Array.of(0, 398, 2, 399),
    times: Float64Array.of(0, 1, 0, 1),
  };
  const interactions = createInteractions({ users: 2, items: 400, events });
  const component = blendComponent(popularity);
  const fitting = createReranker([component]).fit({ candidates: 10 }, interactions, context);
  await assert.rejects(fitting, DataError);
});
