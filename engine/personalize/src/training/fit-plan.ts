import type { Interactions, TableFitContext } from "@rondo/learn";
import { componentOf, type FittedComponent } from "../model/algorithms.ts";
import { type BlendPlan, encodeBlendPlan } from "../model/blend-plan.ts";
import { componentFile, MULTIPLIERS_FILE, type OpenedScorer, openComponents, PLAN_FILE } from "../model/open-scorer.ts";

/** A plan whose components have learned. */
export interface FittedPlan {
  readonly plan: BlendPlan;
  readonly components: readonly FittedComponent[];
}

export async function fitPlan(
  plan: BlendPlan,
  interactions: Interactions,
  { onProgress, ...quiet }: TableFitContext,
): Promise<FittedPlan> {
  const components: FittedComponent[] = [];
  for (const choice of plan.components) {
    components.push(await componentOf(choice).fit(interactions, quiet));
    const iteration = components.length;
    onProgress?.({ fraction: iteration / plan.components.length, iteration, metrics: [] });
  }
  return { plan, components };
}

export function openFittedPlan({ plan, components }: FittedPlan, multipliers?: Float32Array): OpenedScorer {
  const opened = plan.components.map((choice, index) => ({ ...choice, scorer: components[index].open() }));
  return openComponents(opened, plan, multipliers);
}

/** The files of a model. */
export function encodeFittedPlan(
  { plan, components }: FittedPlan,
  multipliers?: Float32Array,
): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = { [PLAN_FILE]: encodeBlendPlan(plan) };
  for (const [index, component] of components.entries()) {
    files[componentFile(index)] = new Uint8Array(Buffer.concat([...component.encode()]));
  }
  if (multipliers !== undefined) files[MULTIPLIERS_FILE] = new Uint8Array(multipliers.buffer.slice(0));
  return files;
}
