/** The services whose enumerations are derived: service id → client package and class. */
export const enumeratedServices = {
  cloudwatch: { package: "@aws-sdk/client-cloudwatch", client: "CloudWatchClient" },
  dynamodb: { package: "@aws-sdk/client-dynamodb", client: "DynamoDBClient" },
  iam: { package: "@aws-sdk/client-iam", client: "IAMClient" },
  logs: { package: "@aws-sdk/client-cloudwatch-logs", client: "CloudWatchLogsClient" },
  s3: { package: "@aws-sdk/client-s3", client: "S3Client" },
  sagemaker: { package: "@aws-sdk/client-sagemaker", client: "SageMakerClient" },
  "sagemaker-runtime": { package: "@aws-sdk/client-sagemaker-runtime", client: "SageMakerRuntimeClient" },
  sns: { package: "@aws-sdk/client-sns", client: "SNSClient" },
  sqs: { package: "@aws-sdk/client-sqs", client: "SQSClient" },
  sts: { package: "@aws-sdk/client-sts", client: "STSClient" },
} as const;
