import assert from "node:assert/strict";
import { test } from "node:test";
import type { GetSolutionMetricsCommand } from "@aws-sdk/client-personalize";
import { openTestSql } from "@rondo/store/testing";
import type { ApplicationContext } from "../application-context.ts";
import { readModelQuality } from "../quality/model-quality.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { choosePassed } from "./judge-steps.ts";
import { type JudgedList, judgeCandidate } from "./judgement.ts";
import type { TrainingRun } from "./training-state.ts";

const lists = (first: string): JudgedList[] =>
  Array.from({ length: 100 }, () => ({ recommended: [first], wanted: new Set(["wanted"]) }));

function judgement(candidate: string, live: string) {
  const [from, to] = [new Date("2026-02-21T00:00:00Z"), new Date("2026-02-28T00:00:00Z")];
  const popular = lists("other");
  return judgeCandidate({ from, to, candidate: lists(candidate), live: lists(live), popular, margin: 0.1, seed: 1 });
}

test("a version that is worse is noted with its reason and goes no further; the others do", async () => {
  await using database = await openTestSql();
  const personalize = {
    send: async ({ input }: GetSolutionMetricsCommand) => ({
      metrics: { precision_at_10: input.solutionVersionArn?.length },
    }),
  } as unknown as ApplicationContext["personalize"];
  const context = await openTestContext(database, { personalize });
  const run: TrainingRun = {
    run_id: "00000000-0000-4000-8000-000000000001",
    kind: "training",
    status: "Running",
    step: "choose",
    reason: "schedule",
    started_at: context.clock.now(),
    finished_at: null,
    failure_reason: null,
    state: {
      trainingMode: "FULL",
      solutions: ["user-personalization", "similar-items", "ranking"],
      plan: ["choose"],
      through: "2026-02-28T00:00:00.000Z",
      heldOutFrom: "2026-02-21T00:00:00.000Z",
      targets: {
        production: {},
        judgement: { versions: { "user-personalization": "arn:u", "similar-items": "arn:s" } },
      },
      judgements: {
        "user-personalization": judgement("wanted", "other"),
        "similar-items": judgement("other", "wanted"),
      },
    },
  };
  const { state, isOver } = await choosePassed(context, run);
  // Nothing was bought by which the ranking could have been judged: it is not shown to be no worse.
  assert.deepEqual([state.solutions, isOver], [["user-personalization"], true]);
  const [solution, ...others] = await readModelQuality(database);
  assert.deepEqual([solution?.solution, others], ["similar-items", []]);
  const [version] = solution?.versions ?? [];
  assert.deepEqual(
    [version?.live_from, version?.judgement?.isNotWorse, version?.metrics],
    [null, false, { precision_at_10: 5 }],
  );
});
