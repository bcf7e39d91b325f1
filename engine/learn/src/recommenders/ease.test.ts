import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { ease } from "./ease.ts";

testRecommender({
  recommender: ease,
  parameters: { penalty: 1 },
  interactions: checkerboard,
  check: checkCheckerboard,
});
