import { createInteractions, type Interactions } from "@rondo/learn";

/** Seconds between two purchases of one basket at most. */
const LONGEST_PAUSE = 3600;

/** Every basket as a history of its own: what a user bought at once, or with less than an hour between. */
export function basketsOf({ users, items, events }: Interactions): Interactions {
  const baskets = new Uint32Array(events.items.length);
  let count = 0;
  for (let user = 0; user < users; user += 1) {
    for (let event = events.starts[user]; event < events.starts[user + 1]; event += 1) {
      const isFirst = event === events.starts[user] || events.times[event] - events.times[event - 1] >= LONGEST_PAUSE;
      if (isFirst) count += 1;
      baskets[event] = count - 1;
    }
  }
  const { items: itemsOf, times, weights } = events;
  return createInteractions({ users: count, items, events: { users: baskets, items: itemsOf, times, weights } });
}
