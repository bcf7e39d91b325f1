import { FormatError, type Scorer } from "@rondo/learn";
import { componentOf } from "./algorithms.ts";
import { type BlendPlan, decodeBlendPlan, type WeighedChoice } from "./blend-plan.ts";
import { openBlend } from "./open-blend.ts";
import type { PartScorer } from "./open-weight-sums.ts";
import type { TrainedModel } from "./trained-model.ts";

/** What a model's files say of items, for histories with as many items as the model has. */
export interface OpenedScorer {
  /** Scores every item, also those that the user knows. */
  readonly scorer: Scorer;
  /** The same for lists from which a filter keeps what the user knows: with weights that were learned for new items alone. */
  readonly newItemsScorer: Scorer;
  /** Those of which the scores are the weighed sum, for explanations; the highest weight first. */
  readonly components: readonly OpenedComponent[];
  readonly plan: BlendPlan;
}

export interface OpenedComponent extends WeighedChoice {
  readonly scorer: PartScorer;
}

export const PLAN_FILE = "blend.json";
/** Of each item what its score is multiplied by, for an objective and for the response to impressions: float32, little-endian. */
export const MULTIPLIERS_FILE = "multipliers";

export function componentFile(index: number): string {
  return `component-${index}`;
}

/** Throws FormatError when the files are damaged or belong to another number of items. */
export async function openScorer({ files, items }: Pick<TrainedModel, "files" | "items">): Promise<OpenedScorer> {
  const plan = decodeBlendPlan(requireFile(files, PLAN_FILE));
  const components: OpenedComponent[] = [];
  for (const [index, choice] of plan.components.entries()) {
    const bytes = requireFile(files, componentFile(index));
    const fitted = await componentOf(choice).decode({ chunks: [bytes], byteLength: bytes.length });
    const scorer = fitted.open();
    if (scorer.items !== items.ids.length) {
      throw new FormatError(
        `Component ${index} of the model has ${scorer.items} items, the model ${items.ids.length}.`,
      );
    }
    components.push({ ...choice, scorer });
  }
  const multipliers = files[MULTIPLIERS_FILE];
  return openComponents(components, plan, multipliers && decodeMultipliers(multipliers, items.ids.length));
}

/** A blend of components that are open already; `multipliers` of its scores, one for each item. */
export function openComponents(
  components: readonly OpenedComponent[],
  plan: BlendPlan,
  multipliers?: Float32Array,
): OpenedScorer {
  const { knownItems } = plan;
  const all = components.map(({ scorer, weight }) => ({ scorer, weight }));
  const fresh = components.map(({ scorer, newItemsWeight }) => ({ scorer, weight: newItemsWeight }));
  return {
    scorer: openBlend(all, knownItems, multipliers),
    newItemsScorer: openBlend(fresh, "last", multipliers),
    components: components.toSorted((a, b) => b.weight - a.weight),
    plan,
  };
}

function decodeMultipliers(bytes: Uint8Array, items: number): Float32Array {
  if (bytes.length !== items * Float32Array.BYTES_PER_ELEMENT) {
    throw new FormatError(`The model's ${MULTIPLIERS_FILE} has ${bytes.length} bytes for ${items} items.`);
  }
  const multipliers = new Float32Array(bytes.slice().buffer);
  if (!multipliers.every(Number.isFinite)) throw new FormatError(`The model's ${MULTIPLIERS_FILE} is damaged.`);
  return multipliers;
}

function requireFile(files: TrainedModel["files"], name: string): Uint8Array {
  const bytes = files[name];
  if (bytes === undefined) throw new FormatError(`The model has no ${name}.`);
  return bytes;
}
