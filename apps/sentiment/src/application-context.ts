import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { Session, type SessionOptions } from "@rondo/sdk";
import { type ResourceNames, resourceNames } from "./resource-names.ts";
import type { SentimentSettings } from "./settings.ts";

/** What the seven services stand on. */
export interface ApplicationContext extends Disposable {
  readonly settings: SentimentSettings;
  readonly names: ResourceNames;
  readonly session: Session;
  readonly dynamodb: DynamoDBClient;
  readonly sns: SNSClient;
  /** Endpoint, region and credentials, for clients beyond these. */
  readonly clientConfig: SessionOptions;
  readonly clock: { now(): Date };
  /** Told of what goes wrong in the background, and of faults that nobody expected. */
  readonly onFault: (error: unknown) => void;
}

/** A store that does not answer by then is out of reach: its fallback takes over while the client still waits. */
const STORE_TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true } as const;

const SYSTEM_CLOCK = { now: () => new Date() };

/** Opens the clients; what `clientConfig` leaves out comes from the settings and the standard AWS variables. */
export function openContext(
  settings: SentimentSettings,
  options: {
    readonly clientConfig?: SessionOptions | undefined;
    readonly clock?: { now(): Date };
    readonly onFault?: (error: unknown) => void;
  } = {},
): ApplicationContext {
  const { clock = SYSTEM_CLOCK, onFault = reportFault } = options;
  const { endpoint, credentials } = options.clientConfig ?? {};
  const region = options.clientConfig?.region ?? settings.region;
  const clientConfig: SessionOptions = { ...options.clientConfig, ...(region !== undefined && { region }), clock };
  const storeConfig = {
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(region !== undefined && { region }),
    maxAttempts: 2,
    requestHandler: STORE_TIMEOUTS,
  };
  const session = new Session(clientConfig);
  const dynamodb = new DynamoDBClient(storeConfig);
  const sns = new SNSClient(storeConfig);
  return {
    settings,
    names: resourceNames(settings),
    session,
    dynamodb,
    sns,
    clientConfig,
    clock,
    onFault,
    [Symbol.dispose]() {
      session.close();
      dynamodb.destroy();
      sns.destroy();
    },
  };
}

/** One JSON line on standard error, as log collectors take it. */
function reportFault(error: unknown): void {
  const { name = "", message = "", stack = "" } = error instanceof Error ? error : { message: String(error) };
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level: "error", name, message, stack })}\n`);
}
