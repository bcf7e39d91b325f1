import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { sequential } from "./sequential.ts";

testRecommender({
  recommender: sequential,
  parameters: {},
  interactions: checkerboard,
  check: checkCheckerboard,
});
