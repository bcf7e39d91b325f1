import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createResources, type NewResource, type Resource, type Resources, type Sql } from "@rondo/store";
import { emptyDatabase, openTestSql } from "@rondo/store/testing";
import { type ControlLoop, createControlLoop } from "../control-loop.ts";
import { SimulatedCrash } from "../crash-point.ts";
import type { ResourceKind } from "../kind.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

/** A kind with the world that it works on, made anew for each test. */
export interface ReconcileWorld {
  readonly kind: ResourceKind<object>;
  /** The row to begin with; usually due now. */
  readonly resource: NewResource<object>;
  /** What of the world must be the same however often a step was repeated: processes started, files written, models loaded. */
  observe(): Promise<unknown> | unknown;
  /** Called where the crashed process would start again: forget what was in memory. */
  restart?(): Promise<void> | void;
  close?(): Promise<void> | void;
}

export interface ReconcileSuiteOptions {
  readonly name: string;
  createWorld(dependencies: {
    readonly sql: Sql;
    readonly resources: Resources;
    readonly clock: ManualClock;
  }): Promise<ReconcileWorld> | ReconcileWorld;
  /** Every crash point that a run passes; one that is never passed fails the suite. */
  readonly crashPoints: readonly string[];
  /** What of the row must be the same in the end (times differ). Default: its status; undefined when it was deleted. */
  readonly outcome?: (resource: Resource | undefined) => unknown;
}

const leaseMs = 30_000;
const deadlineMs = 30_000;

/** Of all suites of a file, emptied before each play: opening one costs more than most plays. */
let database: Promise<Sql> | undefined;
after(async () => (await database)?.close());

interface Scene {
  readonly world: ReconcileWorld;
  readonly resources: Resources;
  readonly clock: ManualClock;
  readonly written: Resource<object>;
}

function startLoop(
  { world, resources, clock }: Scene,
  options: { kind?: ResourceKind<object>; crashAt?: string } = {},
) {
  let crashed = false;
  const loop = createControlLoop({
    resources,
    kinds: [options.kind ?? world.kind],
    clock,
    leaseMs,
    crashPoint(name) {
      if (name !== options.crashAt) return;
      crashed = true;
      throw new SimulatedCrash(name);
    },
  });
  return { loop, hasCrashed: () => crashed };
}

/** Moves the clock from one due time to the next until nothing changes by itself any more, or the loop is dead. */
async function runToEnd(scene: Scene, loops: readonly ControlLoop[], hasCrashed: () => boolean): Promise<void> {
  const { resources, clock, world } = scene;
  for (const loop of loops) await loop.start();
  for (const deadline = Date.now() + deadlineMs; ; await sleep(5)) {
    await Promise.all(loops.map((loop) => loop.idle()));
    if (hasCrashed()) break;
    const next = await resources.nextDue([world.kind.type]);
    if (next === undefined) break;
    assert.ok(Date.now() < deadline, `The resource still changes after ${deadlineMs / 1_000} s`);
    clock.advance(Math.max(0, next.getTime() - clock.now().getTime()));
  }
  for (const loop of loops) await loop.stop();
}

/** The same kind, taking each step twice: as if a crash had come after it and before its outcome was written. */
function repeatSteps(kind: ResourceKind<object>): ResourceKind<object> {
  return {
    type: kind.type,
    maxAttempts: kind.maxAttempts,
    giveUp: (resource, reason) => kind.giveUp(resource, reason),
    async reconcile(resource, context) {
      let latest = resource;
      const save: typeof context.save = async (from, patch, connection) => {
        const saved = await context.save(from, patch, connection);
        latest = saved as Resource<object>;
        return saved;
      };
      await kind.reconcile(resource, { ...context, save });
      return kind.reconcile(latest, context);
    },
  };
}

/**
 * The contract of every kind of resource: killed at each named crash point, run twice, run by two loops, it ends as if nothing had happened.
 * Defines node:test tests.
 */
export function testReconcile(options: ReconcileSuiteOptions): void {
  const outcomeOf = options.outcome ?? ((resource: Resource | undefined) => resource?.status);

  async function play(act: (scene: Scene) => Promise<void>): Promise<unknown> {
    const sql = await (database ??= openTestSql());
    await emptyDatabase(sql);
    const clock = createManualClock();
    const resources = createResources({ sql, clock });
    const world = await options.createWorld({ sql, resources, clock });
    try {
      const scene = { world, resources, clock, written: await resources.insert(world.resource) };
      await act(scene);
      const { type, name } = scene.written;
      return { outcome: outcomeOf(await resources.find(scene.written, type, name)), world: await world.observe() };
    } finally {
      await world.close?.();
    }
  }

  let undisturbed: unknown;

  describe(`${options.name} reconciles`, () => {
    before(async () => {
      undisturbed = await play((scene) => runToEnd(scene, [startLoop(scene).loop], () => false));
    });
    for (const crashAt of options.crashPoints) {
      test(`killed at ${crashAt}`, async () => {
        const ended = await play(async (scene) => {
          const { loop, hasCrashed } = startLoop(scene, { crashAt });
          await runToEnd(scene, [loop], hasCrashed);
          assert.ok(hasCrashed(), `The crash point ${crashAt} is never passed`);
          await scene.world.restart?.();
          scene.clock.advance(leaseMs);
          await runToEnd(scene, [startLoop(scene).loop], () => false);
        });
        assert.deepEqual(ended, undisturbed);
      });
    }
    test("each step taken twice", async () => {
      const ended = await play((scene) => {
        const { loop } = startLoop(scene, { kind: repeatSteps(scene.world.kind) });
        return runToEnd(scene, [loop], () => false);
      });
      assert.deepEqual(ended, undisturbed);
    });
    test("by two loops", async () => {
      const ended = await play((scene) => runToEnd(scene, [startLoop(scene).loop, startLoop(scene).loop], () => false));
      assert.deepEqual(ended, undisturbed);
    });
  });
}
