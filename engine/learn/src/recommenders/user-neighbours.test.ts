import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { userNeighbours } from "./user-neighbours.ts";

testRecommender({
  recommender: userNeighbours,
  parameters: {},
  interactions: checkerboard,
  check: checkCheckerboard,
});
