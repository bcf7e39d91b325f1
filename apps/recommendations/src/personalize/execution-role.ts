import { CreateRoleCommand, GetRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { ApplicationContext } from "../application-context.ts";

const SERVICE = { Service: "personalize.amazonaws.com" } as const;

/** What Personalize does with the bucket, and no more. */
function bucketStatements(bucket: string) {
  return [
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [`arn:aws:s3:::${bucket}`] },
    { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: [`arn:aws:s3:::${bucket}/*`] },
  ];
}

/** The policy that Personalize wants on the bucket itself. */
export function bucketPolicy(bucket: string): string {
  const Statement = bucketStatements(bucket).map((statement) => ({ ...statement, Principal: SERVICE }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** The ARN of the role with which Personalize reads and writes the bucket; one that is not there is made. One given by ARN is somebody's own. */
export async function ensureRole({ iam, settings }: Pick<ApplicationContext, "iam" | "settings">): Promise<string> {
  const { role, bucket } = settings;
  if (role.startsWith("arn:")) return role;
  const found = await iam.send(new GetRoleCommand({ RoleName: role })).catch((error: Error) => {
    if (error.name === "NoSuchEntityException" || error.name === "NoSuchEntity") return undefined;
    throw error;
  });
  if (found?.Role?.Arn !== undefined) return found.Role.Arn;
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: SERVICE, Action: "sts:AssumeRole" }],
  };
  const created = await iam.send(
    new CreateRoleCommand({
      RoleName: role,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      Description: "With which Personalize reads and writes the bucket of the recommendations application",
    }),
  );
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: bucketStatements(bucket) });
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "recommendations", PolicyDocument }));
  if (created.Role?.Arn === undefined) throw new Error(`IAM answered the creation of ${role} without an ARN.`);
  return created.Role.Arn;
}
