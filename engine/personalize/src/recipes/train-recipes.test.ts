import { testRecipe } from "../testing/recipe-suite.ts";
import { recipes } from "./recipes.ts";

for (const recipe of recipes) testRecipe(recipe);
