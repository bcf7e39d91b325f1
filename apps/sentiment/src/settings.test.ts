import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { readPort, readSettings, SettingsError } from "./settings.ts";

test("nothing set means the names of the local application", () => {
  assert.deepEqual(readSettings({}), {
    projectName: "sentiment",
    endpointName: "sentiment",
    region: undefined,
    bucket: undefined,
    feedbackTable: "feedback-table",
    topicArn: undefined,
    role: "SageMakerExecutionRole",
    scriptImage: "public.ecr.aws/docker/library/node:24",
    algorithm: "text-classifier",
    fallbackDirectory: resolve(".rondo/sentiment"),
    datasetDirectory: undefined,
    userIdKey: undefined,
    notificationServiceUrl: "http://127.0.0.1:8005",
    evaluationIntervalHours: 0,
    canarySeconds: 60,
    alarmPeriodSeconds: 60,
    host: "127.0.0.1",
  });
});

test("the variables that the services always had are read", () => {
  const settings = readSettings({
    SAGEMAKER_ENDPOINT_NAME: "e",
    AWS_REGION: "eu-west-1",
    S3_BUCKET: "b",
    DYNAMODB_TABLE_NAME: "f",
    SNS_TOPIC_ARN: "arn:aws:sns:eu-west-1:1:t",
    SAGEMAKER_ROLE: "arn:aws:iam::1:role/r",
    SCRIPT_IMAGE: "1.dkr.ecr.eu-west-1.amazonaws.com/node:24",
    ALGORITHM: "blazingtext",
    NOTIFICATION_SERVICE_URL: "http://notification-service:8005/",
  });
  assert.equal(settings.endpointName, "e");
  assert.equal(settings.region, "eu-west-1");
  assert.equal(settings.bucket, "b");
  assert.equal(settings.feedbackTable, "f");
  assert.equal(settings.topicArn, "arn:aws:sns:eu-west-1:1:t");
  assert.equal(settings.role, "arn:aws:iam::1:role/r");
  assert.equal(settings.scriptImage, "1.dkr.ecr.eu-west-1.amazonaws.com/node:24");
  assert.equal(settings.algorithm, "blazingtext");
  assert.equal(settings.notificationServiceUrl, "http://notification-service:8005");
});

for (const [variable, value] of [
  ["PROJECT_NAME", "My Project"],
  ["EVALUATION_INTERVAL_HOURS", "daily"],
  ["EVALUATION_INTERVAL_HOURS", "-1"],
  ["ALARM_PERIOD_SECONDS", "5"],
  ["ALGORITHM", "xgboost"],
] as const) {
  test(`${variable}=${value} is refused by name`, () => {
    assert.throws(() => readSettings({ [variable]: value }), new RegExp(`${variable} is "${value}"`));
  });
}

test("a port is the service's own unless PORT says another, and one that is none is refused by name", () => {
  assert.equal(readPort({}, 8001), 8001);
  assert.equal(readPort({ PORT: "0" }, 8001), 0);
  assert.throws(() => readPort({ PORT: "80a" }, 8001), SettingsError);
});
