import { isObject, type Json, type PipelineDefinition, type StepDefinition } from "./definition.ts";
import { checkingStep, invalidDefinition } from "./definition-error.ts";
import { type Expression, ExpressionError, expressionsIn } from "./expression.ts";

/** Throws ValidationException when a step names a step, parameter, property or property file that is not there. */
export function checkReferences(definition: PipelineDefinition): void {
  const steps = new Map(definition.steps.map((step) => [step.name, step]));
  const parameters = new Set(definition.parameters.map(({ name }) => name));
  for (const step of definition.steps) {
    const unknown = step.dependsOn.find((name) => !steps.has(name));
    if (unknown !== undefined) {
      throw invalidDefinition(`step ${step.name}: DependsOn names ${unknown}, which is not a step of the pipeline.`);
    }
    checkingStep(step.name, () => {
      for (const expression of expressionsIn(step.arguments)) checkExpression(expression, steps, parameters);
    });
  }
  for (const [member, value] of Object.entries(definition.experiment ?? {})) {
    checkingStep(`PipelineExperimentConfig.${member}`, () => {
      for (const expression of expressionsIn(value)) checkOutsideSteps(expression, parameters);
    });
  }
}

/** What is known from the beginning: parameters, and what the execution knows of itself. */
function checkOutsideSteps(expression: Expression, parameters: ReadonlySet<string>): void {
  if (expression.kind === "execution" && expression.name.endsWith("JobName")) {
    throw new ExpressionError(`Execution.${expression.name} has a value in a step only.`);
  }
  if (expression.kind === "json-get") throw new ExpressionError("Std:JsonGet can only be used in a step.");
  checkExpression(expression, new Map(), parameters);
}

function checkExpression(
  expression: Expression,
  steps: ReadonlyMap<string, StepDefinition>,
  parameters: ReadonlySet<string>,
): void {
  if (expression.kind === "parameter" && !parameters.has(expression.name)) {
    throw new ExpressionError(`Parameters.${expression.name} is not a parameter of the pipeline.`);
  }
  if (expression.kind === "property") checkProperty(requireStep(steps, expression.step), expression.path);
  if (expression.kind === "json-get" && expression.source.kind === "property-file") {
    checkPropertyFile(requireStep(steps, expression.source.step), expression.source.name);
  }
}

function requireStep(steps: ReadonlyMap<string, StepDefinition>, name: string): StepDefinition {
  const step = steps.get(name);
  if (step === undefined) throw new ExpressionError(`Steps.${name} is not a step of the pipeline.`);
  return step;
}

function checkProperty({ name, type }: StepDefinition, path: readonly (string | number)[]): void {
  if (type === "Fail") throw new ExpressionError(`Steps.${name} has no properties: it is a Fail step.`);
  if (path[0] === "PropertyFiles") {
    throw new ExpressionError(`Steps.${name}.PropertyFiles can only be read with Std:JsonGet.`);
  }
  if (type === "Condition" && (path.length !== 1 || path[0] !== "Outcome")) {
    throw new ExpressionError(`Steps.${name} has Outcome as its only property: it is a Condition step.`);
  }
}

function checkPropertyFile(step: StepDefinition, name: string): void {
  const file = step.propertyFiles.find((candidate) => candidate.name === name);
  if (file === undefined) throw new ExpressionError(`the step ${step.name} has no PropertyFile ${name}.`);
  const config = step.arguments.ProcessingOutputConfig;
  const outputs = isObject(config) && Array.isArray(config.Outputs) ? (config.Outputs as readonly Json[]) : [];
  if (outputs.some((output) => isObject(output) && output.OutputName === file.outputName)) return;
  throw new ExpressionError(
    `the PropertyFile ${name} of step ${step.name} names the output ${file.outputName}, which is not in its ProcessingOutputConfig.`,
  );
}
