import assert from "node:assert/strict";
import { test } from "node:test";
import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, GetRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import type { SNSClient } from "@aws-sdk/client-sns";
import { startTestServer } from "@rondo/server/testing";
import { openTestContext } from "../testing/test-context.ts";
import { createInfrastructure } from "./create-infrastructure.ts";

test("buckets, tables, topics and role are made once, under the names that users expect", async () => {
  await using server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  const made = await Promise.all([createInfrastructure(context), createInfrastructure(context)]);
  assert.deepEqual(made[0], made[1]);
  const [{ buckets, roleArn, tables, topicArns }] = made;
  assert.deepEqual(tables, [
    "feedback-table",
    "evaluations-table",
    "notifications-table",
    "predictions-table",
    "runs-table",
  ]);
  assert.deepEqual(buckets, ["sentiment-models", "sentiment-data", "sentiment-artifacts", "sentiment-tokenizers"]);
  assert.match(topicArns.training, /:model-training-notifications$/);
  assert.match(topicArns.deployment, /:model-deployment-notifications$/);
  assert.match(roleArn, /:role\/SageMakerExecutionRole$/);
  const { Table } = await context.dynamodb.send(new DescribeTableCommand({ TableName: "feedback-table" }));
  assert.deepEqual(Table?.KeySchema, [{ AttributeName: "feedback_id", KeyType: "HASH" }]);
  const TableName = "predictions-table";
  const { TimeToLiveDescription } = await context.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  assert.equal(TimeToLiveDescription?.AttributeName, "expires_at");
});

test("one bucket and a role of somebody's own are left as they are", async () => {
  await using server = await startTestServer();
  const iam = new IAMClient(server.clientConfig);
  await using _ = { [Symbol.asyncDispose]: async () => iam.destroy() };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  await iam.send(new CreateRoleCommand({ RoleName: "Trainer", AssumeRolePolicyDocument }));
  await using context = await openTestContext(server.clientConfig, {
    S3_BUCKET: "everything",
    SAGEMAKER_ROLE: "Trainer",
  });
  assert.deepEqual((await createInfrastructure(context)).buckets, ["everything"]);
  const policy = new GetRolePolicyCommand({ RoleName: "Trainer", PolicyName: "sentiment" });
  await assert.rejects(iam.send(policy), { name: "NoSuchEntityException" });

  await using own = await openTestContext(server.clientConfig);
  await createInfrastructure(own);
  const made = await iam.send(
    new GetRolePolicyCommand({ RoleName: "SageMakerExecutionRole", PolicyName: "sentiment" }),
  );
  assert.match(decodeURIComponent(made.PolicyDocument ?? ""), /arn:aws:s3:::sentiment-models/);
});

test("what may be made is there when the refusal of the rest is told", async () => {
  await using server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  const denied = Object.assign(new Error("no right"), { name: "AuthorizationErrorException" });
  const sns = { send: () => Promise.reject(denied) } as unknown as SNSClient;
  await assert.rejects(createInfrastructure({ ...context, sns }), denied);
  const { Table } = await context.dynamodb.send(new DescribeTableCommand({ TableName: "runs-table" }));
  assert.equal(Table?.TableStatus, "ACTIVE");
});
