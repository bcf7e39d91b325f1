import {
  CreateRoleCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  IAMClient,
  NoSuchEntityException,
  PutRolePolicyCommand,
  type Role,
} from "@aws-sdk/client-iam";
import type { ApplicationContext } from "../application-context.ts";
import type { ResourceNames } from "../resource-names.ts";

/** SageMaker and its pipelines act as the role. */
const TRUST_POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** By which a role of ours is told from one that somebody else looks after. */
const DESCRIPTION = "Execution role of the sentiment application, made by it";

/** What jobs, endpoints and pipelines of the application do, and no more. */
export function executionPolicy({ buckets, topics }: ResourceNames) {
  const bucketArns = [...new Set(Object.values(buckets))].map((bucket) => `arn:aws:s3:::${bucket}`);
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: bucketArns },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: bucketArns.map((arn) => `${arn}/*`),
      },
      {
        Effect: "Allow",
        Action: [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "logs:DescribeLogStreams",
          "cloudwatch:PutMetricData",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:DescribeAlarms",
          "ecr:GetAuthorizationToken",
          "ecr:BatchCheckLayerAvailability",
          "ecr:GetDownloadUrlForLayer",
          "ecr:BatchGetImage",
        ],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: [
          "sagemaker:CreateProcessingJob",
          "sagemaker:CreateTrainingJob",
          "sagemaker:CreateModel",
          "sagemaker:CreateModelPackage",
          "sagemaker:CreateEndpointConfig",
          "sagemaker:CreateEndpoint",
          "sagemaker:UpdateEndpoint",
          "sagemaker:UpdateModelPackage",
          // The endpoint on which a candidate is judged is removed again.
          "sagemaker:DeleteEndpoint",
          "sagemaker:DeleteEndpointConfig",
          "sagemaker:DeleteModel",
          "sagemaker:Describe*",
          "sagemaker:List*",
          "sagemaker:StopProcessingJob",
          "sagemaker:StopTrainingJob",
          "sagemaker:AddTags",
          "sagemaker:InvokeEndpoint",
        ],
        Resource: "*",
      },
      { Effect: "Allow", Action: ["sns:Publish"], Resource: Object.values(topics).map((t) => `arn:aws:sns:*:*:${t}`) },
      {
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
      },
    ],
  };
}

/** The execution role's ARN; a role that is named and not there is made with the rights above. One given by ARN is somebody's own. */
export async function ensureRole(context: ApplicationContext, role: string, signal?: AbortSignal): Promise<string> {
  if (role.startsWith("arn:")) return role;
  const { clientConfig, names } = context;
  const { endpoint, credentials, region } = clientConfig;
  const iam = new IAMClient({
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(region !== undefined && { region }),
  });
  try {
    const { Arn: arn = "", Description: description } =
      (await findRole(iam, role, signal)) ?? (await createRole(iam, role, signal));
    // Also when it was made before: a start may have ended between the two requests.
    if (description !== DESCRIPTION) return arn;
    const PolicyDocument = JSON.stringify(executionPolicy(names));
    const policy = new PutRolePolicyCommand({ RoleName: role, PolicyName: "sentiment", PolicyDocument });
    await iam.send(policy, { abortSignal: signal });
    return arn;
  } finally {
    iam.destroy();
  }
}

async function findRole(iam: IAMClient, name: string, signal: AbortSignal | undefined): Promise<Role | undefined> {
  try {
    return (await iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal: signal })).Role;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}

async function createRole(iam: IAMClient, name: string, signal: AbortSignal | undefined): Promise<Role> {
  const AssumeRolePolicyDocument = JSON.stringify(TRUST_POLICY);
  const command = new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument, Description: DESCRIPTION });
  try {
    const { Role } = await iam.send(command, { abortSignal: signal });
    if (Role === undefined) throw new Error(`IAM answered CreateRole of ${name} without a role.`);
    return Role;
  } catch (error) {
    // Another start was faster.
    const role = error instanceof EntityAlreadyExistsException ? await findRole(iam, name, signal) : undefined;
    if (role === undefined) throw error;
    return role;
  }
}
