/** The step types that run here. */
export const STEP_TYPES = [
  "Processing",
  "Training",
  "Condition",
  "Model",
  "RegisterModel",
  "EndpointConfig",
  "Endpoint",
  "Fail",
] as const;

/** The other step types of AWS. Source: StepTypeEnum of sagemaker/workflow/steps.py. */
const LACKING_TYPES = [
  "Transform",
  "Tuning",
  "Callback",
  "Lambda",
  "QualityCheck",
  "ClarifyCheck",
  "EMR",
  "EMRServerless",
  "AutoML",
  "InferenceComponent",
  "BedrockCustomModel",
  "BedrockCustomModelDeployment",
  "BedrockModelImport",
  "BedrockProvisionedModelThroughput",
  "Lineage",
];

/** Why a step of this type cannot be in a pipeline; undefined when it can. */
export function problemOfType(type: string): string | undefined {
  if ((STEP_TYPES as readonly string[]).includes(type)) return undefined;
  const offered = `Offered are ${STEP_TYPES.join(", ")}.`;
  if (LACKING_TYPES.includes(type)) return `its Type ${type} is not there yet. ${offered}`;
  return `its Type ${JSON.stringify(type.slice(0, 100))} is not a step type of pipelines. ${offered}`;
}
