import type { RecipeValues } from "./learner.ts";
import type { Candidate } from "./personalization-candidates.ts";
import type { ValidationSet } from "./validation-set.ts";

/** AWS's default of both dimensions, and the neighbours that each stands for then. */
const DEFAULT_DIMENSION = 100;
const NEIGHBOURS_BY_INTERACTIONS = 500;
const NEIGHBOURS_BY_METADATA = 200;

/** What similar items are blended from: item-to-item algorithms, and likeness of metadata where there are some. */
export function relatedCandidates(values: RecipeValues, { choice, known }: ValidationSet): readonly Candidate[] {
  const { item_id_hidden_dim: byId = DEFAULT_DIMENSION, item_metadata_hidden_dim: byMetadata = DEFAULT_DIMENSION } =
    values;
  const neighbours = Math.round((Number(byId) * NEIGHBOURS_BY_INTERACTIONS) / DEFAULT_DIMENSION);
  const alike = Math.round((Number(byMetadata) * NEIGHBOURS_BY_METADATA) / DEFAULT_DIMENSION);
  const candidates: Candidate[] = [
    { algorithm: "item-item", parameters: { similarity: "cosine", neighbours } },
    { algorithm: "item-item", parameters: { similarity: "bm25", neighbours } },
    { algorithm: "item-item", parameters: { similarity: "lift", popularityDiscount: 0.3, neighbours } },
    { algorithm: "rp3-beta", parameters: { alpha: 0.65, beta: 0.35, neighbours } },
  ];
  if (choice.heldOut !== "random-event") {
    candidates.push({ algorithm: "sequential", parameters: { lengthDiscount: 0.1, neighbours } });
  }
  if (known.itemFeatures !== undefined) {
    for (const collaborative of [true, false]) {
      candidates.push({ algorithm: "content-similarity", parameters: { collaborative, neighbours: alike } });
    }
  }
  return candidates;
}
