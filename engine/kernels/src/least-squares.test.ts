import assert from "node:assert/strict";
import { test } from "node:test";
import { type FactorProblem, solveRowScalar } from "./least-squares.ts";
import { type FactorSolver, openFactorSolver } from "./least-squares.wasm.ts";
import { randomRows } from "./testing/random-rows.ts";

function problemOf(users: number, items: number, options: Partial<FactorProblem> = {}): FactorProblem {
  const byUser = randomRows({ rows: users, columns: items, density: 0.2, seed: users });
  const userPenalties = Float32Array.from({ length: users }, (_, user) => 0.5 + (user % 3));
  const itemPenalties = new Float32Array(items).fill(0.7);
  const fixed = { factors: 10, solver: "cholesky", steps: 3 } as const;
  return { byUser, userPenalties, itemPenalties, ...fixed, ...options };
}

/** Start values that are the same each time, zero where there is no factor. */
function start({ users, items }: FactorSolver, factors: number): void {
  for (const { values, stride } of [users, items]) {
    for (const index of values.keys()) values[index] = index % stride < factors ? Math.sin(index) / 3 : 0;
  }
}

for (const [name, options] of [
  ["cholesky", { solver: "cholesky" }],
  ["conjugate gradients", { solver: "conjugate-gradient", steps: 30 }],
] as const) {
  test(`the least squares of the scalar reference by ${name}`, async () => {
    const problem = problemOf(37, 53, options);
    using team = openFactorSolver(problem, { threads: 2 });
    start(team, problem.factors);
    await team.solveUsers();
    const { starts, columnIndexes, values } = problem.byUser;
    const { stride } = team.users;
    for (let user = 0; user < 37; user += 1) {
      const columns = columnIndexes.subarray(starts[user], starts[user + 1]);
      const confidences = values.subarray(starts[user], starts[user + 1]);
      const expected = solveRowScalar(team.items, { columns, confidences }, problem.userPenalties[user]);
      const actual = team.users.values.subarray(user * stride, (user + 1) * stride);
      for (const [index, value] of actual.entries()) assert.ok(Math.abs(value - expected[index]) < 2e-3);
    }
  });
}

test("both sides in turn: the same bytes on any number of threads, and no factor where there is none", async () => {
  for (const solver of ["cholesky", "conjugate-gradient"] as const) {
    const results: Float32Array[] = [];
    for (const threads of [1, 2, 3]) {
      using team = openFactorSolver(problemOf(2100, 19, { solver }), { threads });
      start(team, 10);
      for (let iteration = 0; iteration < 2; iteration += 1) {
        await team.solveUsers();
        await team.solveItems();
      }
      results.push(Float32Array.of(...team.items.values, ...team.users.values.subarray(0, 400)));
    }
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
    assert.ok(results[0]?.every((value, index) => Number.isFinite(value) && (index % 16 < 10 || value === 0)));
  }
});
