import assert from "node:assert/strict";
import { test } from "node:test";
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import * as iam from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { createAccessKeys, createLogs, createMetrics, createResources } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { createWireServer } from "@rondo/wire";
import { createCloudWatchService } from "../cloudwatch/cloudwatch.ts";
import { createLogsService } from "../logs/logs.ts";
import { createStsService } from "../sts/sts.ts";
import { createIamService } from "./iam.ts";

const accountId = "111122223333";
const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const managed = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";

async function startServices() {
  const sql = await openTestSql();
  const clock = { now: () => new Date() };
  const resources = createResources({ sql, clock });
  const accessKeys = createAccessKeys({ sql, clock });
  const server = createWireServer({
    services: [
      createIamService({ sql, resources }),
      createStsService({ resources, accessKeys }),
      createLogsService({ logs: createLogs({ sql, clock }), clock }),
      createCloudWatchService({ sql, resources, metrics: createMetrics({ sql, clock }), clock }),
    ],
    directRoutes: [],
    credentials: accessKeys,
    logger: { info() {}, warn() {}, error() {} },
    clock,
  });
  const { url } = await server.listen({ host: "127.0.0.1", port: 0 });
  const credentials = await accessKeys.create({ accountId, arn: `arn:aws:iam::${accountId}:user/ada` });
  const config = { endpoint: url, region: "eu-west-1", credentials, maxAttempts: 1 };
  return {
    config,
    accessKeyId: credentials.accessKeyId,
    iam: new iam.IAMClient(config),
    sts: new STSClient(config),
    async [Symbol.asyncDispose]() {
      await server.close(1000);
      await sql[Symbol.asyncDispose]();
    },
  };
}

test("a set-up script makes a role, gives it policies, and takes all away again", async () => {
  await using services = await startServices();
  const client = services.iam;
  const RoleName = "Execution";
  const { Role } = await client.send(
    new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Path: "/ml/", Tags: [{ Key: "a", Value: "1" }] }),
  );
  assert.equal(Role?.Arn, `arn:aws:iam::${accountId}:role/ml/Execution`);
  assert.match(Role?.RoleId ?? "", /^AROA[A-Z2-7]{17}$/);
  assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""), AssumeRolePolicyDocument);
  await assert.rejects(
    client.send(new iam.CreateRoleCommand({ RoleName: "EXECUTION", AssumeRolePolicyDocument })),
    iam.EntityAlreadyExistsException,
  );
  await assert.rejects(
    client.send(new iam.CreateRoleCommand({ RoleName: "x", AssumeRolePolicyDocument: "{" })),
    iam.MalformedPolicyDocumentException,
  );
  await assert.rejects(client.send(new iam.GetRoleCommand({ RoleName: "none" })), iam.NoSuchEntityException);

  await client.send(new iam.UpdateRoleCommand({ RoleName, Description: "new", MaxSessionDuration: 7200 }));
  await client.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: '{"Statement":[]}' }));
  await client.send(
    new iam.TagRoleCommand({
      RoleName,
      Tags: [
        { Key: "b", Value: "2" },
        { Key: "c", Value: "3" },
      ],
    }),
  );
  await client.send(new iam.UntagRoleCommand({ RoleName, TagKeys: ["a"] }));
  const got = (await client.send(new iam.GetRoleCommand({ RoleName }))).Role;
  assert.deepEqual(
    [got?.Description, got?.MaxSessionDuration, decodeURIComponent(got?.AssumeRolePolicyDocument ?? "")],
    ["new", 7200, '{"Statement":[]}'],
  );
  assert.deepEqual((await client.send(new iam.ListRoleTagsCommand({ RoleName }))).Tags, [
    { Key: "b", Value: "2" },
    { Key: "c", Value: "3" },
  ]);
  await client.send(new iam.CreateRoleCommand({ RoleName: "other", AssumeRolePolicyDocument }));
  assert.deepEqual(
    (await client.send(new iam.ListRolesCommand({ PathPrefix: "/ml/" }))).Roles?.map((role) => role.RoleName),
    [RoleName],
  );
  const first = await client.send(new iam.ListRolesCommand({ MaxItems: 1 }));
  const second = await client.send(new iam.ListRolesCommand({ MaxItems: 1, Marker: first.Marker }));
  assert.deepEqual(
    [first.IsTruncated, first.Roles?.[0]?.RoleName, second.IsTruncated, second.Roles?.[0]?.RoleName],
    [true, RoleName, false, "other"],
  );

  await client.send(
    new iam.PutRolePolicyCommand({ RoleName, PolicyName: "inline", PolicyDocument: AssumeRolePolicyDocument }),
  );
  const inline = await client.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName: "inline" }));
  assert.equal(decodeURIComponent(inline.PolicyDocument ?? ""), AssumeRolePolicyDocument);
  assert.deepEqual((await client.send(new iam.ListRolePoliciesCommand({ RoleName }))).PolicyNames, ["inline"]);
  const { Policy } = await client.send(
    new iam.CreatePolicyCommand({ PolicyName: "own", PolicyDocument: AssumeRolePolicyDocument }),
  );
  const PolicyArn = Policy?.Arn ?? "";
  await assert.rejects(
    client.send(new iam.CreatePolicyCommand({ PolicyName: "own", PolicyDocument: AssumeRolePolicyDocument })),
    iam.EntityAlreadyExistsException,
  );
  for (const arn of [PolicyArn, PolicyArn, managed])
    await client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn: arn }));
  await assert.rejects(
    client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn: `${PolicyArn}x` })),
    iam.NoSuchEntityException,
  );
  const attached = await client.send(new iam.ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(attached.AttachedPolicies, [
    { PolicyName: "own", PolicyArn },
    { PolicyName: "AmazonSageMakerFullAccess", PolicyArn: managed },
  ]);
  assert.equal((await client.send(new iam.GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount, 1);
  assert.equal(
    (await client.send(new iam.ListPoliciesCommand({ OnlyAttached: true, Scope: "Local" }))).Policies?.length,
    1,
  );

  await client.send(
    new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: '{"Statement":[]}', SetAsDefault: true }),
  );
  const version = await client.send(new iam.GetPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  assert.deepEqual(
    [version.PolicyVersion?.IsDefaultVersion, decodeURIComponent(version.PolicyVersion?.Document ?? "")],
    [true, '{"Statement":[]}'],
  );

  await assert.rejects(client.send(new iam.DeleteRoleCommand({ RoleName })), iam.DeleteConflictException);
  await assert.rejects(client.send(new iam.DeletePolicyCommand({ PolicyArn })), iam.DeleteConflictException);
  for (const arn of [PolicyArn, managed])
    await client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: arn }));
  await assert.rejects(
    client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: managed })),
    iam.NoSuchEntityException,
  );
  await assert.rejects(client.send(new iam.DeleteRoleCommand({ RoleName })), iam.DeleteConflictException);
  await client.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: "inline" }));
  await client.send(new iam.DeleteRoleCommand({ RoleName }));
  await assert.rejects(client.send(new iam.DeletePolicyCommand({ PolicyArn })), iam.DeleteConflictException);
  await client.send(new iam.DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
  await client.send(new iam.DeletePolicyCommand({ PolicyArn }));
  await assert.rejects(client.send(new iam.GetPolicyCommand({ PolicyArn })), iam.NoSuchEntityException);
  assert.equal((await client.send(new iam.GetUserCommand({}))).User?.UserName, "ada");
});

test("temporary credentials sign requests; unknown roles are refused once the account has one", async () => {
  await using services = await startServices();
  const { sts, config } = services;
  const own = await sts.send(new GetCallerIdentityCommand({}));
  assert.deepEqual([own.Account, own.Arn], [accountId, `arn:aws:iam::${accountId}:user/ada`]);
  const assume = (name: string, more: object = {}) =>
    sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/${name}`, RoleSessionName: "session", ...more }),
    );
  const { Credentials } = await assume("anything");
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken,
  };
  const asRole = new STSClient({ ...config, credentials });
  const identity = await asRole.send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Arn, `arn:aws:sts::${accountId}:assumed-role/anything/session`);
  assert.match(identity.UserId ?? "", /^AROA.{17}:session$/);
  await assert.rejects(
    new STSClient({ ...config, credentials: { ...credentials, sessionToken: "forged" } }).send(
      new GetCallerIdentityCommand({}),
    ),
  );
  await assert.rejects(asRole.send(new GetSessionTokenCommand({})), { name: "AccessDenied" });

  await services.iam.send(
    new iam.CreateRoleCommand({ RoleName: "real", AssumeRolePolicyDocument, MaxSessionDuration: 3600 }),
  );
  await assert.rejects(assume("anything"), { name: "AccessDenied" });
  await assert.rejects(assume("real", { DurationSeconds: 3601 }), /MaxSessionDuration/);
  await assert.rejects(assume("real", { DurationSeconds: 899 }));
  assert.ok((await assume("real")).Credentials?.Expiration);
  await assert.rejects(assume("real", { RoleArn: "arn:aws:iam::999999999999:role/real" }), { name: "AccessDenied" });
  const session = (await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }))).Credentials;
  assert.match(session?.AccessKeyId ?? "", /^ASIA/);
  assert.equal((await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: services.accessKeyId }))).Account, accountId);
});

test("logs and metrics go over the wire, a compressed PutMetricData too", async () => {
  await using services = await startServices();
  const logs = new CloudWatchLogsClient(services.config);
  const names = { logGroupName: "/app", logStreamName: "s" };
  await logs.send(new CreateLogGroupCommand(names));
  await logs.send(new CreateLogStreamCommand(names));
  await logs.send(new PutLogEventsCommand({ ...names, logEvents: [{ timestamp: Date.now(), message: "hello" }] }));
  assert.equal(
    (await logs.send(new GetLogEventsCommand({ ...names, startFromHead: true }))).events?.[0]?.message,
    "hello",
  );
  assert.equal(
    (await logs.send(new DescribeLogStreamsCommand({ logGroupName: "/app" }))).logStreams?.[0]?.logStreamName,
    "s",
  );
  await assert.rejects(logs.send(new CreateLogGroupCommand(names)), { name: "ResourceAlreadyExistsException" });
  const cloudwatch = new CloudWatchClient(services.config);
  const MetricData = Array.from({ length: 300 }, (_, index) => ({
    MetricName: "loss",
    Value: index,
    Unit: "None" as const,
  }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: "app", MetricData }));
  const Metric = { Namespace: "app", MetricName: "loss" };
  const query = { Id: "m", MetricStat: { Metric, Period: 3600, Stat: "SampleCount" } };
  const now = Date.now();
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [query],
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 3_600_000),
    }),
  );
  assert.equal(
    MetricDataResults?.[0]?.Values?.reduce((sum, value) => sum + value, 0),
    300,
  );
  await assert.rejects(cloudwatch.send(new PutMetricDataCommand({ Namespace: "AWS/x", MetricData })), {
    name: "InvalidParameterValueException",
  });
});
