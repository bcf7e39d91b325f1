import type { Interactions } from "@rondo/learn";
import { createInteractions } from "@rondo/learn";
import { holdOutForValidation, type ValidationSet } from "./validation-set.ts";

const JUDGED_USERS = 2000;

/** What related items are judged by: of each history only the newest item, and what the user did after it. */
export function holdOutItemQueries(interactions: Interactions, seed: number): ValidationSet {
  const validation = holdOutForValidation(interactions, { seed, users: JUDGED_USERS });
  const histories = lastItems(validation.histories);
  const relevantNew = validation.relevant.map((items, user) => {
    const query = histories.events.items[user];
    return items.filter((item) => item !== query);
  });
  return { ...validation, histories, relevantNew, repeats: 0 };
}

/** Of each history the newest event alone; every user has one. */
export function lastItems({ users, items, events }: Interactions): Interactions {
  const last = Uint32Array.from({ length: users }, (_, user) => events.starts[user + 1] - 1);
  return createInteractions({
    users,
    items,
    events: {
      users: Uint32Array.from(last.keys()),
      items: last.map((event) => events.items[event]),
      times: Float64Array.from(last, (event) => events.times[event]),
    },
  });
}
