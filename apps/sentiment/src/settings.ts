import { resolve } from "node:path";
import { ALGORITHM_NAMES, type AlgorithmName } from "../infrastructure/sagemaker/training_script.ts";

/** What can be set from outside, by the variables that the services always had. */
export interface SentimentSettings {
  /** Prefix of buckets: `sentiment-data` … Bucket names are unique in the whole of AWS, so there it is a name of your own. */
  readonly projectName: string;
  readonly endpointName: string;
  readonly region: string | undefined;
  /** One bucket for everything instead of one each for models, data, artifacts and tokenizers. */
  readonly bucket: string | undefined;
  readonly feedbackTable: string;
  /** ARN of the topic `model-training-notifications`; undefined: the one of this account, by its name. */
  readonly topicArn: string | undefined;
  /** Name or ARN of the execution role. */
  readonly role: string;
  /** URI of the Node image in which the pipeline's scripts run. AWS takes it from a private registry only. */
  readonly scriptImage: string;
  /** What a model is trained with: the text classifier of Rondo, or what AWS has. */
  readonly algorithm: AlgorithmName;
  /** Absolute. Where the files of the fallbacks and the key of user ids are. */
  readonly fallbackDirectory: string;
  /** Absolute. Where train_data.csv and test_data.csv are; undefined: those that come with the application. */
  readonly datasetDirectory: string | undefined;
  /** Key by which user ids are hashed; undefined: one made at first use in the fallback folder. */
  readonly userIdKey: string | undefined;
  readonly notificationServiceUrl: string;
  /** Hours between scheduled evaluations; 0: none. */
  readonly evaluationIntervalHours: number;
  /** How long a tenth of the traffic is watched before a new model gets all of it. */
  readonly canarySeconds: number;
  /** Of the alarms that send a rollout back: AWS has SageMaker's metrics by the minute. */
  readonly alarmPeriodSeconds: number;
  readonly host: string;
}

/** A variable whose value cannot be used. */
export class SettingsError extends Error {
  constructor(variable: string, value: string, expected: string) {
    super(`${variable} is "${value}". It should be ${expected}.`);
    this.name = "SettingsError";
  }
}

/** Lower case, since bucket names are; 3 to 63 characters remain for the longest bucket, `{project}-tokenizers`. */
const PROJECT_NAME = /^[a-z0-9][a-z0-9-]{1,50}$/;

/**
 * Reads the settings (apps/sentiment/DEPLOYMENT.md lists the variables with their defaults). Where the AWS APIs are says the standard
 * AWS_ENDPOINT_URL, who asks the standard credentials. Throws SettingsError.
 */
export function readSettings(environment: NodeJS.ProcessEnv): SentimentSettings {
  const text = (variable: string): string | undefined => environment[variable]?.trim() || undefined;
  const projectName = text("PROJECT_NAME") ?? "sentiment";
  if (!PROJECT_NAME.test(projectName)) {
    throw new SettingsError("PROJECT_NAME", projectName, "2 to 51 lower-case letters, digits and hyphens");
  }
  const home = text("RONDO_HOME") ?? ".rondo";
  const datasetDirectory = text("DATASET_DIRECTORY");
  return {
    projectName,
    endpointName: text("SAGEMAKER_ENDPOINT_NAME") ?? "sentiment",
    region: text("AWS_REGION"),
    bucket: text("S3_BUCKET"),
    feedbackTable: text("DYNAMODB_TABLE_NAME") ?? "feedback-table",
    topicArn: text("SNS_TOPIC_ARN"),
    role: text("SAGEMAKER_ROLE") ?? "SageMakerExecutionRole",
    scriptImage: text("SCRIPT_IMAGE") ?? "public.ecr.aws/docker/library/node:24",
    algorithm: readAlgorithm(text("ALGORITHM") ?? "text-classifier"),
    fallbackDirectory: resolve(text("FALLBACK_DIRECTORY") ?? `${home}/sentiment`),
    datasetDirectory: datasetDirectory === undefined ? undefined : resolve(datasetDirectory),
    userIdKey: text("USER_ID_KEY"),
    notificationServiceUrl: (text("NOTIFICATION_SERVICE_URL") ?? "http://127.0.0.1:8005").replace(/\/$/, ""),
    evaluationIntervalHours: readNumber("EVALUATION_INTERVAL_HOURS", text("EVALUATION_INTERVAL_HOURS") ?? "0", {
      least: 0,
      // A year: a longer one is a mistake.
      most: 24 * 366,
    }),
    canarySeconds: readNumber("CANARY_SECONDS", text("CANARY_SECONDS") ?? "60", { least: 0, most: 3_600 }),
    alarmPeriodSeconds: readNumber("ALARM_PERIOD_SECONDS", text("ALARM_PERIOD_SECONDS") ?? "60", {
      least: 10,
      most: 3_600,
    }),
    host: text("HOST") ?? "127.0.0.1",
  };
}

/** The port of a service alone: PORT, else its own. */
export function readPort(environment: NodeJS.ProcessEnv, ownPort: number): number {
  const value = environment.PORT?.trim() || String(ownPort);
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SettingsError("PORT", value, "a number from 0 to 65535");
  }
  return port;
}

function readAlgorithm(value: string): AlgorithmName {
  const name = ALGORITHM_NAMES.find((each) => each === value);
  if (name === undefined) throw new SettingsError("ALGORITHM", value, ALGORITHM_NAMES.join(" or "));
  return name;
}

function readNumber(variable: string, value: string, { least, most }: { least: number; most: number }): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number < least || number > most) {
    throw new SettingsError(variable, value, `a number from ${least} to ${most}`);
  }
  return number;
}
