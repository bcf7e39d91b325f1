import { createInteractions, type Interactions } from "@rondo/learn";

/** The histories of these users, numbered in the order given. */
export function selectUsers({ items, events, itemFeatures }: Interactions, chosen: Uint32Array): Interactions {
  const lengths = chosen.map((user) => events.starts[user + 1] - events.starts[user]);
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const selected = {
    users: new Uint32Array(count),
    items: new Uint32Array(count),
    times: new Float64Array(count),
    weights: new Float32Array(count),
  };
  let next = 0;
  for (const [place, user] of chosen.entries()) {
    const [first, end] = [events.starts[user], events.starts[user + 1]];
    selected.users.fill(place, next, next + end - first);
    selected.items.set(events.items.subarray(first, end), next);
    selected.times.set(events.times.subarray(first, end), next);
    selected.weights.set(events.weights.subarray(first, end), next);
    next += end - first;
  }
  return createInteractions({ users: chosen.length, items, events: selected, ...(itemFeatures && { itemFeatures }) });
}
