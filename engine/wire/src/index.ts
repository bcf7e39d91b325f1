export type { Constraint, Constraints } from "./constraint.ts";
export { AwsError, type AwsErrorOptions, awsError } from "./error.ts";
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
