import { createInteractions, type Interactions } from "@rondo/learn";
import { openScorer, trainModel } from "@rondo/personalize";
import { createRandom } from "@rondo/statistics";
import type { LearningBench } from "./learning-bench.ts";
import { groupOf } from "./personalize-group.ts";

const USERS = 30_000;
const ITEMS = 20_000;
const EVENTS = 500_000;
const TASTES = 200;
const YEAR = 365 * 86_400;
const SCORED_USERS = 2000;
const RECIPES = ["aws-user-personalization-v2", "aws-sims"] as const;
const LONGEST = 60;

/** Training of the recipes on 500,000 simulated events, and how long a user's scores of all items take. */
export const personalizeSpeed: LearningBench = {
  name: "personalize",
  kind: "speed",
  peers: [],
  async *run({ threads }) {
    const interactions = simulatedEvents();
    const data = "500k simulated";
    for (const recipe of RECIPES) {
      const request = { recipe, trainingMode: "FULL", performHPO: false, solutionConfig: {} } as const;
      const start = performance.now();
      const processor = process.cpuUsage();
      const context = { threads, clock: { now: () => new Date() } };
      const { model } = await trainModel(groupOf(interactions), request, context);
      const value = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(processor);
      const { scorer } = await openScorer(model);
      const scoring = performance.now();
      for (let place = 0; place < SCORED_USERS; place += 1) scorer.score(model.learned, place);
      const milliseconds = (performance.now() - scoring) / SCORED_USERS;
      yield {
        data,
        program: "rondo",
        setting: recipe,
        figures: {
          seconds: { value, goal: { text: `≤ ${LONGEST}`, reached: value <= LONGEST } },
          "processor seconds": { value: (user + system) / 1e6 },
          "most MB of the process so far": { value: process.resourceUsage().maxRSS / 1e3 },
          "ms per scored user": { value: milliseconds },
        },
      };
    }
  },
};

/** Users of 200 tastes, who mostly take items of theirs, some of them far oftener than others, over a year. */
function simulatedEvents(): Interactions {
  const random = createRandom(7);
  const ofTaste = ITEMS / TASTES;
  const popular = (count: number): number =>
    Math.min(count - 1, Math.floor(Math.exp(random() * Math.log(count + 1)) - 1));
  const events = {
    users: new Uint32Array(EVENTS),
    items: new Uint32Array(EVENTS),
    times: new Float64Array(EVENTS),
  };
  for (let event = 0; event < EVENTS; event += 1) {
    const user = Math.floor(USERS * random() ** 1.5);
    const taste = random() < 0.8 ? (user * 7919) % TASTES : Math.floor(random() * TASTES);
    events.users[event] = user;
    events.items[event] = random() < 0.85 ? taste * ofTaste + popular(ofTaste) : (popular(ITEMS) * 7919) % ITEMS;
    events.times[event] = 1.6e9 + random() * YEAR;
  }
  return createInteractions({ users: USERS, items: ITEMS, events });
}
