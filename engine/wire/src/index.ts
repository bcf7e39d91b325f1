export type { Clock } from "./clock.ts";
export type { Constraint, Constraints } from "./constraint.ts";
export type { Credential, CredentialStore } from "./credential.ts";
export { AwsError, type AwsErrorOptions, awsError } from "./error.ts";
export { createInProcessClient, type InProcessCall, type InProcessClient } from "./in-process-client.ts";
export { checkDraft, type DraftRequest } from "./input/check-draft.ts";
export { defaultLimits, type WireLimits } from "./limits.ts";
export type { Logger } from "./logger.ts";
export { listOperations, type OperationListing } from "./operation-list.ts";
export { withStatus } from "./output-status.ts";
export type {
  Caller,
  DirectExchange,
  DirectRoute,
  OperationHandler,
  RequestContext,
  SdkModule,
  ServiceDefinition,
  StreamingBody,
  WireProtocol,
} from "./service.ts";
export { createWireServer, type InternalRoute, type WireServer, type WireServerOptions } from "./wire-server.ts";
