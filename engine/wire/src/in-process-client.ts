import { randomUUID } from "node:crypto";
import { readDocument } from "./codec/document.ts";
import { awsError } from "./error.ts";
import { checkInput } from "./input/check-input.ts";
import { inputRules } from "./input/input-rules.ts";
import { violationError } from "./input/violation.ts";
import { handlerOf } from "./routing/find-operation.ts";
import type { Caller, ServiceDefinition } from "./service.ts";
import { serviceModel } from "./service-model.ts";

export interface InProcessCall {
  /** `CreateTrainingJob`. */
  readonly operation: string;
  /** The request as its JSON would say it. */
  readonly input: unknown;
  readonly caller: Caller;
  /** Aborts what the operation waits for. */
  readonly signal: AbortSignal;
}

/** Resolves to the operation's output; rejects with the AwsError that a client would see. */
export type InProcessClient = (call: InProcessCall) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Calls operations of a service within this process: the input is read by the SDK's schema and checked against the service's constraints as a request's
 * would be, without connection and signature. For a service whose resources create resources of others in a user's name.
 */
export function createInProcessClient(definition: ServiceDefinition): InProcessClient {
  return async ({ operation: name, input, caller, signal }) => {
    const model = serviceModel(definition);
    const operation = model.operations.get(name);
    if (operation === undefined || definition.operations[name] === undefined) {
      throw awsError("UnknownOperationException", `Rondo does not have the operation ${name} of ${definition.id}.`);
    }
    const { input: shape } = operation;
    const read = shape === undefined ? {} : (readDocument(shape, input) as Record<string, unknown>);
    const violations = shape === undefined ? [] : checkInput(shape, read, inputRules(model));
    if (violations.length > 0)
      throw violationError(definition.validationErrorCode ?? "ValidationException", violations);
    const request = { requestId: randomUUID(), signal, headers: {}, origin: "" };
    return ((await handlerOf(definition, name)(read, caller, request)) ?? {}) as Record<string, unknown>;
  };
}
