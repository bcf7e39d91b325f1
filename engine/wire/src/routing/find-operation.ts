import { type AwsError, awsError } from "../error.ts";
import type { QueryPair } from "../percent-encoding.ts";
import { headerValue, type RequestHead } from "../request-head.ts";
import { matchS3Route } from "../s3-routing.ts";
import type { OperationHandler, ServiceDefinition } from "../service.ts";
import { type OperationModel, type ServiceModel, serviceModel } from "../service-model.ts";
import { claimedSigningName, type Destination } from "./destination.ts";
import { matchRestRoute } from "./rest-routes.ts";

export interface FoundOperation {
  readonly model: ServiceModel;
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

export interface OperationSearch {
  readonly head: RequestHead;
  readonly query: readonly QueryPair[];
  /** The bucket of a host-style S3 request. */
  readonly bucket: string | undefined;
  /** `Action` of the query protocol. */
  readonly action: string | undefined;
}

const pointer = "See docs/operations.md for what Rondo answers.";

/** What the client wanted, as far as it says: `ListTopics of sns`, `DynamoDB_20120810.ListTables`, `GET /2015-03-31/functions/ of lambda`. */
function nameOfCall({ head, action }: OperationSearch): string {
  const signedFor = claimedSigningName(head);
  const call = headerValue(head, "x-amz-target") ?? action ?? `${head.method} ${head.path}`;
  return (signedFor === undefined ? call : `${call} of ${signedFor}`).slice(0, 192);
}

/** The operation of a request and its service, whose SDK package is loaded now. Throws the protocol's own error for one that we lack. */
export function findOperation(destination: Destination, search: OperationSearch): FoundOperation {
  const { protocol, candidates } = destination;
  const [first] = candidates;
  if (first === undefined)
    throw unknownOperation(destination, `Rondo has no service that answers ${nameOfCall(search)}. ${pointer}`);
  if (protocol === "rest-json") return findRestOperation(destination, search);
  const model = serviceModel(first);
  if (protocol === "rest-xml") {
    const match = matchS3Route(search.head, search.query, search.bucket);
    return { model, operation: answered(destination, model, match.operation), labels: match.labels };
  }
  const name = protocol === "query" ? search.action : destination.operation;
  return { model, operation: answered(destination, model, name ?? ""), labels: {} };
}

function findRestOperation(destination: Destination, { head, query }: OperationSearch): FoundOperation {
  for (const definition of destination.candidates) {
    const model = serviceModel(definition);
    const match = matchRestRoute(model, head, query);
    if (match !== undefined)
      return { model, operation: answered(destination, model, match.operation.name), labels: match.labels };
  }
  const names = destination.candidates.map(({ id }) => id).join(", ");
  throw unknownOperation(
    destination,
    `No operation of ${names} answers ${head.method} ${head.path.slice(0, 128)}. ${pointer}`,
  );
}

function answered(destination: Destination, model: ServiceModel, name: string): OperationModel {
  const operation = model.operations.get(name);
  const { id, operations } = model.definition;
  if (operation === undefined) {
    const message = `The operation '${name.slice(0, 128)}' of ${id} is not known. ${pointer}`;
    // S3 has no names on the wire: what is not an operation is a method that its resource does not take.
    if (destination.protocol === "rest-xml") throw awsError("MethodNotAllowed", message, { status: 405 });
    throw unknownOperation(destination, message);
  }
  if (!Object.hasOwn(operations, name))
    throw unknownOperation(destination, `The operation ${name} of ${id} is not implemented. ${pointer}`);
  return operation;
}

function unknownOperation({ protocol }: Destination, message: string): AwsError {
  if (protocol === "rest-xml") return awsError("NotImplemented", message, { status: 501 });
  if (protocol === "query") return awsError("InvalidAction", message, { status: 400 });
  return awsError("UnknownOperationException", message, { status: protocol === "rest-json" ? 404 : 400 });
}

/** The handler of an operation that `findOperation` has found. */
export function handlerOf({ operations }: ServiceDefinition, name: string): OperationHandler<unknown> {
  const handler = operations[name];
  if (handler === undefined) throw new Error(`${name} has no handler`);
  return handler as OperationHandler<unknown>;
}
