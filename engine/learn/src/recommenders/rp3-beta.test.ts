import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { rp3Beta } from "./rp3-beta.ts";

testRecommender({
  recommender: rp3Beta,
  parameters: {},
  interactions: checkerboard,
  check: checkCheckerboard,
});
