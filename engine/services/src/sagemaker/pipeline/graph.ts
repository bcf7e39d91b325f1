import type { PipelineDefinition, StepDefinition } from "./definition.ts";
import { invalidDefinition } from "./definition-error.ts";

/** Throws ValidationException that names the steps of a cycle. */
export function checkGraph({ steps }: PipelineDefinition): void {
  const waiting = new Map(steps.map((step) => [step.name, step.waitsFor]));
  for (let removed = true; removed; ) {
    removed = false;
    for (const [name, dependencies] of waiting) {
      if (dependencies.values().some((dependency) => waiting.has(dependency))) continue;
      waiting.delete(name);
      removed = true;
    }
  }
  if (waiting.size > 0) throw invalidDefinition(`these steps wait for one another: ${cycleIn(waiting).join(" → ")}.`);
}

/** Every step left waits for another one left, so following them comes round. */
function cycleIn(waiting: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const path: string[] = [];
  let [name = ""] = waiting.keys();
  while (!path.includes(name)) {
    path.push(name);
    name = [...(waiting.get(name) ?? [])].find((dependency) => waiting.has(dependency)) ?? "";
  }
  return [...path.slice(path.indexOf(name)), name];
}

/** How far a step is, as far as others that wait for it care. */
export interface StepProgress {
  readonly isSucceeded: boolean;
  /** Of a Condition step. */
  readonly outcome: boolean | undefined;
}

/**
 * The steps that can begin: not begun yet, all that they wait for succeeded, and their branch taken. A step whose branch is not taken, or that waits for
 * one whose branch is not, never comes.
 */
export function readySteps(
  steps: readonly StepDefinition[],
  progress: ReadonlyMap<string, StepProgress>,
): readonly StepDefinition[] {
  return steps.filter((step) => {
    if (progress.has(step.name)) return false;
    if (step.branch !== undefined && progress.get(step.branch.condition)?.outcome !== step.branch.when) return false;
    return [...step.waitsFor].every((name) => progress.get(name)?.isSucceeded === true);
  });
}
