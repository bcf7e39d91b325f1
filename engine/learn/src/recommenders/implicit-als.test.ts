import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { implicitAls } from "./implicit-als.ts";

for (const solver of ["conjugate-gradient", "cholesky"] as const) {
  testRecommender({
    recommender: implicitAls,
    parameters: { factors: 4, alpha: 5, regularization: 0.1, solver, frequencyExponent: 1, iterations: 40 },
    interactions: checkerboard,
    check: checkCheckerboard,
    endless: {
      parameters: { factors: 64, iterations: 10_000, solver },
      interactions: () => checkerboard(600, 200),
    },
  });
}
