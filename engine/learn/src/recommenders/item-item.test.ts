import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { itemItem } from "./item-item.ts";

testRecommender({
  recommender: itemItem,
  parameters: {},
  interactions: checkerboard,
  check: checkCheckerboard,
});
