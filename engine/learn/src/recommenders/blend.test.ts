import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { createBlend } from "./blend.ts";
import { blendComponent } from "./blend-components.ts";
import { implicitAls } from "./implicit-als.ts";
import { itemItem } from "./item-item.ts";
import { popularity } from "./popularity.ts";

testRecommender({
  recommender: createBlend([
    blendComponent(popularity),
    blendComponent(itemItem, { similarity: "cosine" }),
    blendComponent(implicitAls, { factors: 4, alpha: 5, regularization: 0.1, iterations: 40 }),
  ]),
  parameters: { heldOut: "random-event" },
  interactions: checkerboard,
  check: checkCheckerboard,
});
