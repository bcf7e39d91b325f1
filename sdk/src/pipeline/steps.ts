import type {
  CreateEndpointConfigInput,
  CreateEndpointInput,
  CreateModelInput,
  CreateModelPackageInput,
  CreateProcessingJobRequest,
  CreateTrainingJobRequest,
  DescribeEndpointConfigOutput,
  DescribeEndpointOutput,
  DescribeModelOutput,
  DescribeModelPackageOutput,
  DescribeProcessingJobResponse,
  DescribeTrainingJobResponse,
} from "@aws-sdk/client-sagemaker";
import type { Condition } from "./condition.ts";
import type { Expressible, Value } from "./expression.ts";
import type { PropertyFile } from "./property-file.ts";
import { type RepeatableStepOptions, Step, type StepOptions } from "./step.ts";

/** What a step's Create operation is called with: its request, in which expressions may stand. */
interface WithArguments<Request> {
  readonly arguments: Expressible<Request>;
}

/** Runs a processing job. */
export class ProcessingStep extends Step<DescribeProcessingJobResponse> {
  /** @param options The arguments are those of `processor.request(…)`. */
  constructor(
    options: RepeatableStepOptions &
      WithArguments<Omit<CreateProcessingJobRequest, "ProcessingJobName">> & {
        readonly propertyFiles?: readonly PropertyFile[];
      },
  ) {
    const files = options.propertyFiles?.map(({ name, outputName, path }) => ({
      PropertyFileName: name,
      OutputName: outputName,
      FilePath: path,
    }));
    super("Processing", options, {
      Arguments: options.arguments,
      ...(files !== undefined && { PropertyFiles: files }),
    });
  }
}

/** Runs a training job. */
export class TrainingStep extends Step<DescribeTrainingJobResponse> {
  /** @param options The arguments are those of `estimator.request(…)`. */
  constructor(options: RepeatableStepOptions & WithArguments<Omit<CreateTrainingJobRequest, "TrainingJobName">>) {
    super("Training", options, { Arguments: options.arguments });
  }
}

/** Creates a model. */
export class ModelStep extends Step<DescribeModelOutput> {
  constructor(options: RepeatableStepOptions & WithArguments<Omit<CreateModelInput, "ModelName">>) {
    super("Model", options, { Arguments: options.arguments });
  }
}

/** Registers a version in a model package group; the group is made when it is missing. */
export class RegisterModelStep extends Step<DescribeModelPackageOutput> {
  constructor(options: RepeatableStepOptions & WithArguments<CreateModelPackageInput>) {
    super("RegisterModel", options, { Arguments: options.arguments });
  }
}

/** Creates an endpoint configuration. */
export class EndpointConfigStep extends Step<DescribeEndpointConfigOutput> {
  constructor(options: StepOptions & WithArguments<CreateEndpointConfigInput>) {
    super("EndpointConfig", options, { Arguments: options.arguments });
  }
}

/** Creates the endpoint, or moves one that exists to another configuration. */
export class EndpointStep extends Step<DescribeEndpointOutput> {
  constructor(options: StepOptions & WithArguments<CreateEndpointInput>) {
    super("Endpoint", options, { Arguments: options.arguments });
  }
}

/** Goes on with `ifSteps` when all conditions hold, else with `elseSteps`. */
export class ConditionStep extends Step<{ readonly Outcome: string }> {
  constructor(
    options: StepOptions & {
      readonly conditions: readonly Condition[];
      readonly ifSteps?: readonly Step[];
      readonly elseSteps?: readonly Step[];
    },
  ) {
    const { conditions, ifSteps = [], elseSteps = [] } = options;
    super("Condition", options, {
      Arguments: {
        Conditions: conditions,
        IfSteps: ifSteps.map((step) => step.definition()),
        ElseSteps: elseSteps.map((step) => step.definition()),
      },
    });
  }
}

/** Ends the execution as Failed, with this message. */
export class FailStep extends Step {
  constructor(options: StepOptions & { readonly errorMessage: Value<string> }) {
    super("Fail", options, { Arguments: { ErrorMessage: options.errorMessage } });
  }
}
