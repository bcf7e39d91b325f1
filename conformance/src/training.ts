import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";

const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1";
const role = "arn:aws:iam::000000000000:role/training";

export interface Training {
  readonly name: string;
  readonly bucket: string;
  readonly epochs?: number;
}

/** A training job on the labelled text under `train/` of the bucket. */
export async function startTraining(sagemaker: SageMakerClient, { name, bucket, epochs = 5 }: Training): Promise<void> {
  const source = { S3DataType: "S3Prefix" as const, S3Uri: `s3://${bucket}/train/` };
  const parameters = { vector_dim: "10", buckets: "20000", min_count: "1" };
  await sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: role,
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
      HyperParameters: { mode: "supervised", epochs: String(epochs), ...parameters },
      InputDataConfig: [{ ChannelName: "train", DataSource: { S3DataSource: source }, ContentType: "text/plain" }],
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/output` },
      ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    }),
  );
}

/** A model and an endpoint configuration, both named after the training job whose artifact they serve. */
export async function createConfiguration(sagemaker: SageMakerClient, { name, bucket }: Training): Promise<void> {
  const container = { Image: image, ModelDataUrl: `s3://${bucket}/output/${name}/output/model.tar.gz` };
  await sagemaker.send(
    new CreateModelCommand({ ModelName: name, ExecutionRoleArn: role, PrimaryContainer: container }),
  );
  const instances = { InitialInstanceCount: 1, InstanceType: "ml.m5.large" as const };
  const variant = { VariantName: "AllTraffic", ModelName: name, ...instances };
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] }));
}
