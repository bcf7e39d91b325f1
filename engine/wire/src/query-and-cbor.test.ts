import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsInput,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch";
import {
  AssumeRoleCommand,
  type AssumeRoleRequest,
  GetCallerIdentityCommand,
  MalformedPolicyDocumentException,
  STSClient,
} from "@aws-sdk/client-sts";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import { SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import { awsError } from "./error.ts";
import type { Caller, ServiceDefinition } from "./service.ts";
import { clientConfig, startWire } from "./testing/start-wire.ts";

const require = createRequire(import.meta.url);

const sts: ServiceDefinition = {
  id: "sts",
  signingName: "sts",
  protocols: ["query"],
  load: () => require("@aws-sdk/client-sts"),
  client: "STSClient",
  operations: {
    GetCallerIdentity: (_input: object, caller: Caller) => ({
      Account: caller.accountId,
      Arn: caller.arn,
      UserId: caller.accessKeyId,
    }),
    AssumeRole(input: AssumeRoleRequest) {
      if (input.Policy !== undefined) throw awsError("MalformedPolicyDocumentException", "no <policy> & such");
      return {
        AssumedRoleUser: {
          Arn: input.RoleArn,
          AssumedRoleId: input.Tags?.map(({ Key, Value }) => `${Key}=${Value}`).join(","),
        },
        Credentials: { AccessKeyId: "a", SecretAccessKey: "s", SessionToken: "t", Expiration: new Date(5000) },
        PackedPolicySize: input.DurationSeconds,
      };
    },
  },
};

const cloudwatch: ServiceDefinition = {
  id: "cloudwatch",
  signingName: "monitoring",
  targetPrefix: "GraniteServiceVersion20100801",
  protocols: ["aws-json", "query", "rpc-v2-cbor"],
  load: () => require("@aws-sdk/client-cloudwatch"),
  client: "CloudWatchClient",
  operations: {
    GetMetricStatistics(input: GetMetricStatisticsInput) {
      if (input.Namespace === "none") throw awsError("ResourceNotFoundException", "no such metric");
      const Datapoints = [{ Timestamp: input.StartTime, Sum: 1.5 }, { Sum: Number.NaN }];
      return { Label: input.Dimensions?.map(({ Name, Value }) => `${Name}=${Value}`).join(), Datapoints };
    },
  },
};

test("query: nested parameters in, XML out, errors by class", async () => {
  await using server = await startWire({ services: [sts, cloudwatch] });
  const client = new STSClient(clientConfig(server));
  const identity = await client.send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Account, "000000000000");
  const role = { RoleArn: "arn:aws:iam::000000000000:role/r", RoleSessionName: "s" };
  const Tags = [
    { Key: "a", Value: "1 2" },
    { Key: "b", Value: "+&" },
  ];
  const assumed = await client.send(new AssumeRoleCommand({ ...role, DurationSeconds: 900, Tags }));
  assert.equal(assumed.AssumedRoleUser?.AssumedRoleId, "a=1 2,b=+&");
  assert.equal(assumed.PackedPolicySize, 900);
  assert.deepEqual(assumed.Credentials?.Expiration, new Date(5000));
  await assert.rejects(client.send(new AssumeRoleCommand({ ...role, Policy: "{" })), (error) => {
    return error instanceof MalformedPolicyDocumentException && error.message === "no <policy> & such";
  });
  await assert.rejects(client.send(new AssumeRoleCommand({ RoleArn: "x", RoleSessionName: undefined })), {
    name: "ValidationError",
    message: /Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null/,
  });
});

const settings = {
  defaultNamespace: "com.amazonaws.cloudwatch",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  version: "2010-08-01",
  serviceTarget: "GraniteServiceVersion20100801",
};
const dresses = {
  "JSON 1.0": undefined,
  query: new AwsQueryProtocol(settings),
  CBOR: new SmithyRpcV2CborProtocol(settings),
};

for (const [name, protocol] of Object.entries(dresses)) {
  test(`CloudWatch in its dress ${name}`, async () => {
    await using server = await startWire({ services: [sts, cloudwatch] });
    const { config } = new CloudWatchClient({});
    const errorTypeRegistries = (config as unknown as { protocolSettings: { errorTypeRegistries: [] } })
      .protocolSettings.errorTypeRegistries;
    const chosen =
      protocol && new (protocol.constructor as typeof AwsQueryProtocol)({ ...settings, errorTypeRegistries });
    const client = new CloudWatchClient({ ...clientConfig(server), ...(chosen && { protocol: chosen }) });
    const request = {
      Namespace: "N",
      MetricName: "m",
      Period: 60,
      EndTime: new Date(9000),
      Dimensions: [{ Name: "d", Value: "v" }],
    };
    const answer = await client.send(new GetMetricStatisticsCommand({ ...request, StartTime: new Date(3000) }));
    assert.equal(answer.Label, "d=v");
    assert.deepEqual(answer.Datapoints?.[0]?.Timestamp, new Date(3000));
    assert.deepEqual([answer.Datapoints?.[0]?.Sum, answer.Datapoints?.[1]?.Sum], [1.5, undefined]);
    await assert.rejects(
      client.send(new GetMetricStatisticsCommand({ ...request, Namespace: "none", StartTime: new Date(0) })),
      (error) => {
        return error instanceof ResourceNotFoundException;
      },
    );
  });
}
