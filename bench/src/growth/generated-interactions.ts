import { createInteractions, type Interactions } from "@rondo/learn";
import { createRandom } from "@rondo/statistics";

const SEED = 42;
const EVENTS_PER_USER = 20;
/** With ten thousand events a thousand items; a catalogue grows more slowly than its customers. */
const ITEMS_PER_ROOT_OF_EVENTS = 10;

/**
 * Events with power laws: the item of popularity rank r is drawn with probability ∝ 1 / r (Zipf's law), the user of rank r ∝ 1 / √r. Users are a twentieth of
 * the events, items ten times their square root.
 */
export function generateInteractions(events: number): Interactions {
  const random = createRandom(SEED);
  const users = Math.ceil(events / EVENTS_PER_USER);
  const items = Math.ceil(ITEMS_PER_ROOT_OF_EVENTS * Math.sqrt(events));
  const userOf = new Uint32Array(events);
  const itemOf = new Uint32Array(events);
  for (let event = 0; event < events; event += 1) {
    // Both are inverses of the laws' cumulative distributions over continuous ranks.
    userOf[event] = Math.floor(users * random() ** 2);
    itemOf[event] = Math.min(items, Math.floor((items + 1) ** random())) - 1;
  }
  return createInteractions({ users, items, events: { users: userOf, items: itemOf } });
}
