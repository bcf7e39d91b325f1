import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlLoop } from "@rondo/control";
import { createManualClock, testReconcile } from "@rondo/control/testing";
import { createResources, type NewResource, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newPersonalizeResource, personalizeType } from "./personalize-resource.ts";
import type { Solution, SolutionBody } from "./solution-body.ts";
import { createSolutionKind, solutionCrashPoints, solutionDeletionCrashPoints } from "./solution-kind.ts";
import { newSolutionVersion } from "./solution-version.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const DAY_MS = 86_400_000;
const owner = { accountId: caller.accountId, region: caller.region };

const body: SolutionBody = {
  datasetGroupArn: GROUP_ARN,
  recipeArn: "arn:aws:personalize:::recipe/aws-sims",
  performAutoML: false,
  performHPO: false,
  performAutoTraining: true,
  solutionConfig: { autoTrainingConfig: { schedulingExpression: "rate(2 days)" } },
};

function newSolution(status: string): NewResource<SolutionBody> {
  return { ...newPersonalizeResource(caller, { type: "solution", name: "offers", status, body }), due: "now" };
}

/** A kind whose storage notes what it is asked to delete. */
function openWorld(sql: Sql, clock: { now(): Date }) {
  const resources = createResources({ sql, clock });
  const deleted = new Set<string>();
  const storage = { deletePrefix: async (_owner: object, prefix: string) => void deleted.add(prefix) };
  const kind = createSolutionKind({ sql, resources, clock, storage });
  const versions = async () => {
    const query = { ...owner, type: personalizeType("solution-version"), limit: 100 };
    const page = await resources.list<{ readonly trainingType: string }>(query);
    return page.resources.map(({ status, due, body }) => ({ status, isDue: due !== null, type: body.trainingType }));
  };
  return { resources, kind, deleted, versions };
}

testReconcile({
  name: "a solution that trains by schedule",
  createWorld({ sql, clock }) {
    const { kind, versions } = openWorld(sql, clock);
    // The schedule goes on for ever: one training is enough here.
    const once: typeof kind = {
      ...kind,
      async reconcile(solution, context) {
        if (solution.body.lastScheduledAt !== undefined) return { due: null };
        return await kind.reconcile(solution, context);
      },
    };
    return { kind: once, resource: newSolution("ACTIVE"), observe: versions };
  },
  crashPoints: solutionCrashPoints,
});

testReconcile({
  name: "a solution that is deleted",
  async createWorld({ sql, clock }) {
    const { kind, resources, deleted, versions } = openWorld(sql, clock);
    const solution = { ...newSolution("ACTIVE"), id: 0 } as unknown as Solution;
    for (const id of ["00000001aaaa", "00000002aaaa"]) {
      const own = { id, trainingMode: "FULL", trainingType: "MANUAL" } as const;
      await resources.insert(newPersonalizeResource(caller, newSolutionVersion(solution, own, caller, clock)));
    }
    return {
      kind,
      resource: newSolution("DELETE PENDING"),
      observe: async () => ({ deleted: [...deleted], versions: await versions() }),
    };
  },
  crashPoints: solutionDeletionCrashPoints,
});

/** The solution under a loop, from one due time to the next until `end`. */
async function runUntil(end: Date, act?: (world: ReturnType<typeof openWorld>) => Promise<void>) {
  await using sql = await openTestSql();
  const clock = createManualClock();
  const world = openWorld(sql, clock);
  await world.resources.insert({ ...newSolution("ACTIVE"), due: "now" });
  await act?.(world);
  const loop = createControlLoop({ resources: world.resources, kinds: [world.kind], clock });
  await loop.start();
  for (;;) {
    await loop.idle();
    const next = await world.resources.nextDue([world.kind.type]);
    if (next === undefined || next > end) break;
    clock.advance(Math.max(0, next.getTime() - clock.now().getTime()));
  }
  await loop.stop();
  return await world.versions();
}

const start = createManualClock().now().getTime();

test("trains ten minutes after the start, and then every two days", async () => {
  assert.equal((await runUntil(new Date(start + 599_000))).length, 0);
  const automatic = { status: "InProgress", isDue: true, type: "AUTOMATIC" };
  assert.deepEqual(await runUntil(new Date(start + 5 * DAY_MS)), [automatic, automatic, automatic]);
});

test("does not train at first when somebody has created a version by then", async () => {
  const types = await runUntil(new Date(start + 3 * DAY_MS), async ({ resources }) => {
    const [solution] = (await resources.list<SolutionBody>({ ...owner, type: personalizeType("solution"), limit: 1 }))
      .resources;
    assert.ok(solution);
    const own = { id: "00000001aaaa", trainingMode: "FULL", trainingType: "MANUAL" } as const;
    const version = newSolutionVersion(solution, own, caller, { now: () => new Date(start) });
    await resources.insert(newPersonalizeResource(caller, version));
  });
  assert.deepEqual(
    types.map(({ type }) => type),
    ["MANUAL", "AUTOMATIC"],
  );
});
