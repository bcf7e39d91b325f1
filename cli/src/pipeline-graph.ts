import type { PipelineExecutionStep } from "@aws-sdk/client-sagemaker";

/** A step of a pipeline's definition, as far as drawing it needs. */
export interface DefinedStep {
  readonly Name: string;
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Arguments?: {
    readonly IfSteps?: readonly DefinedStep[];
    readonly ElseSteps?: readonly DefinedStep[];
  };
}

const MARKS: Readonly<Record<string, string>> = {
  Succeeded: "✔",
  Failed: "✘",
  Stopped: "■",
  Stopping: "■",
  Executing: "▶",
  Starting: "▶",
};

/** The steps of a definition. Throws Error when it is not the JSON of one. */
export function readDefinedSteps(definition: string): readonly DefinedStep[] {
  const { Steps } = JSON.parse(definition) as { readonly Steps?: readonly DefinedStep[] };
  if (!Array.isArray(Steps)) throw new Error("The pipeline's definition has no list of steps.");
  return Steps;
}

/**
 * The steps in the definition's order, the branches of a condition below it, each with state, seconds and what it waited for:
 * `✔ Train      Training    Succeeded   6.1 s  after Prepare`.
 * @param steps What has started so far; empty draws the definition alone.
 * @param now Until when a running step is timed.
 */
export function drawPipeline(
  defined: readonly DefinedStep[],
  steps: readonly PipelineExecutionStep[],
  now: Date,
): string {
  const started = new Map(steps.map((step) => [step.StepName, step]));
  const lines = linesOf(defined, "").map(({ indent, step, label }) =>
    step === undefined
      ? [`${indent}${label}`]
      : [`${indent}${markOf(started.get(step.Name))} ${step.Name}`, step.Type, ...cellsOf(step, started, now)],
  );
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...lines.filter((line) => line.length > 1).map((line) => line[column]?.length ?? 0), 0),
  );
  return lines
    .map((line) => line.map((cell, column) => (line.length > 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

interface Line {
  readonly indent: string;
  readonly step?: DefinedStep;
  readonly label?: string;
}

function linesOf(defined: readonly DefinedStep[], indent: string): Line[] {
  return defined.flatMap((step) => [
    { indent, step },
    ...branch("if", step.Arguments?.IfSteps, indent),
    ...branch("else", step.Arguments?.ElseSteps, indent),
  ]);
}

function branch(label: string, steps: readonly DefinedStep[] = [], indent = ""): Line[] {
  return steps.length === 0 ? [] : [{ indent: `${indent}  `, label }, ...linesOf(steps, `${indent}    `)];
}

function markOf(step: PipelineExecutionStep | undefined): string {
  return MARKS[step?.StepStatus ?? ""] ?? "·";
}

function cellsOf(defined: DefinedStep, started: ReadonlyMap<string | undefined, PipelineExecutionStep>, now: Date) {
  const step = started.get(defined.Name);
  const dependencies = [...dependenciesOf(defined)].join(", ");
  const notes = [
    dependencies === "" ? "" : `after ${dependencies}`,
    step?.CacheHitResult === undefined ? "" : "from the cache",
    step?.Metadata?.Condition?.Outcome === undefined ? "" : `outcome ${step.Metadata.Condition.Outcome}`,
    step?.FailureReason ?? "",
  ];
  return [step?.StepStatus ?? "", secondsOf(step, now), notes.filter((note) => note !== "").join("; ")];
}

function secondsOf(step: PipelineExecutionStep | undefined, now: Date): string {
  if (step?.StartTime === undefined) return "";
  const seconds = ((step.EndTime ?? now).getTime() - step.StartTime.getTime()) / 1000;
  return `${seconds.toFixed(1)} s`;
}

/** Steps that it names in DependsOn, or whose properties its own arguments use; not those that its branches use. */
function dependenciesOf({ DependsOn = [], Arguments = {} }: DefinedStep): ReadonlySet<string> {
  const { IfSteps: _if, ElseSteps: _else, ...own } = Arguments;
  const used = [...JSON.stringify(own).matchAll(/"Get":"Steps\.([^."[]+)/g)].map(([, name = ""]) => name);
  return new Set([...DependsOn, ...used]);
}
