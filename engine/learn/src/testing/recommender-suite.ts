import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TopItems } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { ParameterError, type ParameterTable, type ParameterValues } from "../parameters.ts";
import { createInteractions, type Interactions } from "../recommenders/interactions.ts";
import { recommend, recommendAll } from "../recommenders/recommend.ts";
import type { Recommender } from "../recommenders/recommender.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { outside } from "./outside.ts";
import { stopwatchFrom } from "./stopwatch-from.ts";

/** What the contract suite needs to know of a recommender: a problem to give it. */
export interface RecommenderScenario<Parameters extends ParameterTable, Model> {
  readonly recommender: Recommender<Parameters, Model>;
  /** Parameters that suit the problem. */
  readonly parameters: Partial<ParameterValues<Parameters>>;
  /** A synthetic problem whose right answer is known; made anew at each call. */
  readonly interactions: () => Interactions;
  /** Asserts the right answers: of each user the best items that the user does not know. */
  readonly check: (recommendations: readonly TopItems[]) => void;
  /** Parameters and interactions with which fitting would take minutes; absent for algorithms of one pass. */
  readonly endless?: {
    readonly parameters: Partial<ParameterValues<Parameters>>;
    readonly interactions: () => Interactions;
  };
}

const context: TableFitContext = { seed: 1, threads: 1 };

/** The contract that every recommender keeps. Call it in the algorithm's own test file. */
export function testRecommender<Parameters extends ParameterTable, Model>(
  scenario: RecommenderScenario<Parameters, Model>,
): void {
  describe(`${scenario.recommender.id}: recommender contract`, () => {
    testRecommendations(scenario);
    testFiles(scenario);
    testRefusals(scenario);
    testEnding(scenario);
  });
}

/**
 * Two tastes: users with an even number know the even items, the others the odd ones, each all but one of them, in ascending order. The right
 * answer for each user is the item left out: the checkerboard of the library implicit's tests.
 */
export function checkerboard(users = 24, items = 12): Interactions {
  const events = { users: [] as number[], items: [] as number[] };
  for (let user = 0; user < users; user += 1) {
    for (let item = user % 2; item < items; item += 2) {
      if (item === missingItem(user, items)) continue;
      events.users.push(user);
      events.items.push(item);
    }
  }
  return createInteractions({
    users,
    items,
    events: { users: Uint32Array.from(events.users), items: Uint32Array.from(events.items) },
  });
}

/** The item of the user's taste that the checkerboard leaves out. */
export function missingItem(user: number, items = 12): number {
  return (2 * Math.floor(user / 2) + (user % 2)) % items;
}

/** Asserts that the item left out is the best one for everybody. */
export function checkCheckerboard(recommendations: readonly TopItems[]): void {
  assert.deepEqual(
    recommendations.map(({ items }) => items[0]),
    recommendations.map((_, user) => missingItem(user)),
  );
}

function testRecommendations<Parameters extends ParameterTable, Model>({
  recommender,
  parameters,
  interactions,
  check,
}: RecommenderScenario<Parameters, Model>): void {
  test("a problem whose answer is known", async () => {
    const given = interactions();
    const scorer = recommender.open(await recommender.fit(parameters, given, context));
    const options = { count: 5, exclude: "history" } as const;
    check(Array.from({ length: given.users }, (_, user) => recommend(scorer, given, user, options)));
  });

  test("all users at once = one by one, on any number of threads", async () => {
    const given = interactions();
    const scorer = recommender.open(await recommender.fit(parameters, given, context));
    const allowed = Uint8Array.from({ length: given.items }, (_, item) => Number(item % 5 !== 2));
    for (const options of [{ count: 3 }, { count: 4, exclude: "history", allowed } as const]) {
      for (const threads of [1, 2]) {
        const all = await recommendAll(scorer, given, options, { threads });
        for (let user = 0; user < given.users; user += 1) {
          const { items } = recommend(scorer, given, user, options);
          const first = user * all.count;
          assert.deepEqual(all.items.slice(first, first + (all.counts[user] ?? 0)), items);
        }
      }
    }
  });

  test("what the user knows and what the filter leaves out is not recommended", async () => {
    const given = interactions();
    const scorer = recommender.open(await recommender.fit(parameters, given, context));
    const allowed = Uint8Array.from({ length: given.items }, (_, item) => Number(item > 2));
    for (let user = 0; user < given.users; user += 1) {
      const { starts, columnIndexes } = given.pairs;
      const known = new Set(columnIndexes.subarray(starts[user], starts[user + 1]));
      const best = recommend(scorer, given, user, { count: given.items, exclude: "history", allowed });
      assert.ok(best.items.every((item) => item > 2 && !known.has(item)));
      assert.equal(new Set(best.items).size, best.items.length);
      assert.ok(best.scores.every((score, index) => index === 0 || score <= (best.scores[index - 1] ?? 0)));
    }
  });

  test("a user of whom nothing is known gets recommendations", async () => {
    const given = interactions();
    const scorer = recommender.open(await recommender.fit(parameters, given, context));
    const nobody = createInteractions({
      users: 1,
      items: given.items,
      events: { users: new Uint32Array(0), items: new Uint32Array(0) },
    });
    assert.ok(recommend(scorer, nobody, 0, { count: 3 }).items.length > 0);
  });
}

function testFiles<Parameters extends ParameterTable, Model>({
  recommender,
  parameters,
  interactions,
}: RecommenderScenario<Parameters, Model>): void {
  const fit = (threads = 1): Promise<Model> => recommender.fit(parameters, interactions(), { ...context, threads });
  const encode = (model: Model): Buffer => Buffer.concat([...recommender.encode(model)]);

  test("same seed, same bytes, on any number of threads", async () => {
    const first = encode(await fit());
    for (const threads of [1, 2, 3]) assert.equal(Buffer.compare(encode(await fit(threads)), first), 0);
  });

  test("encode → decode → same scores and bytes, however the file is cut", async () => {
    const model = await fit();
    const bytes = encode(model);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, piece) =>
      bytes.subarray(piece * 7, piece * 7 + 7),
    );
    const decoded = await recommender.decode({ chunks, byteLength: bytes.length });
    const given = interactions();
    const scores = recommender.open(model).score(given, 1).slice();
    assert.deepEqual(recommender.open(decoded).score(given, 1), scores);
    assert.equal(Buffer.compare(encode(decoded), bytes), 0);
  });

  test("a file that is cut off or too long is refused", async () => {
    const bytes = encode(await fit());
    for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 50))) {
      const cut = { chunks: [bytes.subarray(0, length)], byteLength: length };
      await assert.rejects(recommender.decode(cut), { name: "FormatError" });
    }
    const longer = Buffer.concat([bytes, Buffer.alloc(1)]);
    await assert.rejects(recommender.decode({ chunks: [longer], byteLength: longer.length }), { name: "FormatError" });
  });
}

function testRefusals<Parameters extends ParameterTable, Model>({
  recommender,
  parameters,
  interactions,
}: RecommenderScenario<Parameters, Model>): void {
  for (const [name, definition] of Object.entries(recommender.parameters)) {
    test(`parameter ${name}: outside its range it is refused`, async () => {
      for (const value of outside(definition)) {
        const fitting = recommender.fit({ ...parameters, [name]: value }, interactions(), context);
        await assert.rejects(fitting, (error) => error instanceof ParameterError && error.parameter === name);
      }
    });
  }

  test("an unknown parameter is refused", async () => {
    const fitting = recommender.fit({ ...parameters, noSuchParameter: 1 }, interactions(), context);
    await assert.rejects(fitting, ParameterError);
  });

  test("no interaction at all, and histories of other items, are refused with a message", async () => {
    const refused = (error: unknown): boolean => error instanceof DataError && error.message !== "";
    const events = { users: new Uint32Array(0), items: new Uint32Array(0) };
    const none = createInteractions({ users: 3, items: 4, events });
    await assert.rejects(recommender.fit(parameters, none, context), refused);
    const scorer = recommender.open(await recommender.fit(parameters, interactions(), context));
    assert.throws(() => scorer.score(createInteractions({ users: 1, items: 5, events }), 0), refused);
  });

  test("an abort before the training ends it", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(recommender.fit(parameters, interactions(), { ...context, signal }), /enough/);
  });
}

function testEnding<Parameters extends ParameterTable, Model>({
  recommender,
  endless,
}: RecommenderScenario<Parameters, Model>): void {
  if (endless === undefined) return;
  const interactions = endless.interactions();
  for (const threads of [1, 2]) {
    test(`abort ends the training within a second (${threads} threads)`, async () => {
      const controller = new AbortController();
      const elapsed = stopwatchFrom(controller.signal);
      const onProgress = (): void => controller.abort();
      const given = { ...context, threads, signal: controller.signal, onProgress };
      await assert.rejects(recommender.fit(endless.parameters, interactions, given), { name: "AbortError" });
      assert.ok(elapsed() < 1000, `${elapsed()} ms`);
    });

    test(`stop ends the training within a second and keeps what was learned (${threads} threads)`, async () => {
      const controller = new AbortController();
      const elapsed = stopwatchFrom(controller.signal);
      const onProgress = (): void => controller.abort();
      const given = { ...context, threads, stop: controller.signal, onProgress };
      const model = await recommender.fit(endless.parameters, interactions, given);
      assert.ok(elapsed() < 1000, `${elapsed()} ms`);
      assert.ok(recommend(recommender.open(model), interactions, 0, { count: 3 }).items.length > 0);
    });
  }
}
