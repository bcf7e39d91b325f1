import type { Interactions } from "@rondo/learn";
import type { AnsweringModel } from "./answering-model.ts";
import type { Catalogue } from "./catalogue.ts";
import {
  type ExplorationOdds,
  type ExplorationSettings,
  explorationCandidates,
  explorationOdds,
} from "./exploration.ts";
import { contentProfile, type ItemFeatures, likeness, openItemFeatures, weighCategories } from "./item-features.ts";
import type { Contribution } from "./recommender.ts";
import { onlyItem } from "./user-history.ts";

/** What a campaign tries out. */
export interface Explorer {
  readonly weight: number;
  /** The candidates for a user's list; nothing where there are none. */
  odds(history: Interactions | undefined, isAllowed: (item: number) => boolean): ExplorationOdds | undefined;
  /** Why an item is tried out: like what the user knows, and for the rest because it is new. */
  explain(item: number, history: Interactions | undefined): readonly Contribution[];
}

interface Prepared {
  readonly catalogue: Catalogue;
  readonly candidates: Uint32Array;
  readonly features: ItemFeatures;
}

/** Candidates and what they are like, found anew when items were put. */
export function openExplorer(
  model: AnsweringModel,
  currentCatalogue: () => Catalogue,
  settings: ExplorationSettings,
): Explorer {
  const weights = weighCategories(model.trained.items.records);
  let prepared: Prepared | undefined;
  const prepare = (): Prepared => {
    const catalogue = currentCatalogue();
    if (prepared?.catalogue !== catalogue) {
      const candidates = explorationCandidates(catalogue, model, settings);
      prepared = { catalogue, candidates, features: openItemFeatures(weights, catalogue.records) };
    }
    return prepared;
  };
  return {
    weight: settings.explorationWeight,
    odds(history, isAllowed) {
      const { candidates, features } = prepare();
      if (candidates.length === 0) return undefined;
      const profile = contentProfile(features, history);
      const odds = explorationOdds(candidates, features, profile, isAllowed);
      return odds.items.length === 0 ? undefined : odds;
    },
    explain(item, history) {
      const { features } = prepare();
      const nearest = history === undefined ? undefined : nearestItem(features, history, item);
      if (nearest === undefined) return [{ because: "exploring", share: 1 }];
      const itemId = model.trained.items.ids[nearest.item];
      const like = { because: `like item ${itemId}`, itemId, share: nearest.likeness };
      const parts = [like, { because: "exploring", share: 1 - nearest.likeness }];
      return parts.filter(({ share }) => share > 0).sort((one, other) => other.share - one.share);
    },
  };
}

/** The item of a history that is most like another one; undefined where none is at all. */
function nearestItem(
  features: ItemFeatures,
  { events, items }: Interactions,
  item: number,
): { readonly item: number; readonly likeness: number } | undefined {
  let nearest: { readonly item: number; readonly likeness: number } | undefined;
  for (const known of new Set(events.items)) {
    const cosine = Math.min(1, likeness(features, item, contentProfile(features, onlyItem(items, known))));
    if (cosine > (nearest?.likeness ?? 0)) nearest = { item: known, likeness: cosine };
  }
  return nearest;
}
