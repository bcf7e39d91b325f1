import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { Scenario } from "./scenario.ts";
import { prepareTextModel, TEXT_MODEL } from "./text-model.ts";

/** An operation that goes the way of the schemas and reads one row. */
export const describeTrainingJob: Scenario = {
  name: "describe-training-job",
  goal: { requestsPerSecond: 4_000 },
  prepare: prepareTextModel,
  send: (_index, configuration) =>
    new SageMakerClient(configuration).send(new DescribeTrainingJobCommand({ TrainingJobName: TEXT_MODEL })),
};
