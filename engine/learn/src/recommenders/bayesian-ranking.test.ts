import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { bayesianRanking } from "./bayesian-ranking.ts";

testRecommender({
  recommender: bayesianRanking,
  parameters: { factors: 4, iterations: 300 },
  interactions: checkerboard,
  check: checkCheckerboard,
  endless: { parameters: { iterations: 100_000 }, interactions: () => checkerboard(300, 60) },
});
