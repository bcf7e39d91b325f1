import {
  createInteractions,
  ease,
  easeParameters,
  type Interactions,
  type ItemWeights,
  type Recommender,
} from "@rondo/learn";

export const popularEaseParameters = {
  ...easeParameters,
  /** Items that are learned from, those with the most users: time grows with the cube of their number, memory with its square. */
  mostItems: { type: "integer", minimum: 1, maximum: 30_000, default: 4000 },
} as const;

/** EASE over the items that most users know; of the others nothing is said, which other components of a blend do. */
export const popularEase: Recommender<typeof popularEaseParameters, ItemWeights> = {
  ...ease,
  parameters: popularEaseParameters,
  async fit({ mostItems = popularEaseParameters.mostItems.default, ...parameters }, interactions, context) {
    const chosen = mostKnownItems(interactions, mostItems);
    if (chosen.length === interactions.items) return await ease.fit(parameters, interactions, context);
    const model = await ease.fit(parameters, onlyItems(interactions, chosen), context);
    return spread(model, chosen, interactions);
  },
};

/** In ascending order; items that nobody knows are not among them. */
function mostKnownItems({ items, pairs }: Interactions, count: number): Uint32Array {
  const users = new Float64Array(items);
  for (const item of pairs.columnIndexes) users[item] += 1;
  const known = Uint32Array.from(users.keys()).filter((item) => users[item] > 0);
  return known
    .sort((a, b) => users[b] - users[a] || a - b)
    .slice(0, count)
    .sort();
}

function onlyItems({ users, items, events }: Interactions, chosen: Uint32Array): Interactions {
  const places = new Int32Array(items).fill(-1);
  for (const [place, item] of chosen.entries()) places[item] = place;
  const usersOf = new Uint32Array(events.items.length);
  for (let user = 0; user < users; user += 1) usersOf.fill(user, events.starts[user], events.starts[user + 1]);
  const kept = Uint32Array.from(events.items.keys()).filter((event) => places[events.items[event]] >= 0);
  return createInteractions({
    users,
    items: chosen.length,
    events: {
      users: Uint32Array.from(kept, (event) => usersOf[event]),
      items: Uint32Array.from(kept, (event) => places[events.items[event]]),
      times: Float64Array.from(kept, (event) => events.times[event]),
      weights: Float32Array.from(kept, (event) => events.weights[event]),
    },
  });
}

/** The same weights between the items of all interactions. */
function spread(
  { weights, weighting }: ItemWeights,
  chosen: Uint32Array,
  { items, users, pairs }: Interactions,
): ItemWeights {
  const starts = new Uint32Array(items + 1);
  for (const [place, item] of chosen.entries()) starts[item + 1] = weights.starts[place + 1] - weights.starts[place];
  for (let item = 0; item < items; item += 1) starts[item + 1] += starts[item];
  const popularity = new Float32Array(items);
  for (const item of pairs.columnIndexes) popularity[item] += 1 / users;
  return {
    weights: {
      rows: items,
      columns: items,
      starts,
      columnIndexes: weights.columnIndexes.map((place) => chosen[place]),
      values: weights.values,
    },
    weighting,
    popularity,
  };
}
