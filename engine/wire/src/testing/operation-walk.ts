import { type InputRules } from "../input/check-input.ts";
import { inputRules } from "../input/input-rules.ts";
import type { ServiceDefinition } from "../service.ts";
import { serviceModel } from "../service-model.ts";
import type { Member, StructureShape } from "../shape.ts";
import { plausibleInput, plausibleValue } from "./plausible-input.ts";

/** One request that must be refused. */
export interface WrongInput {
  readonly operation: string;
  /** `TrainingJobName missing`, `ResourceConfig.InstanceType no such value` … */
  readonly mutation: string;
  readonly input: Record<string, unknown>;
}

/** What a server answered. */
export interface WalkAnswer {
  /** Undefined: the client itself refused to send the request. */
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
}

export type WalkStep = WrongInput & WalkAnswer;

/**
 * Tries every operation that a service answers with inputs that are wrong in one place each: a required member missing, a wrong type,
 * a value outside of its enumeration, too long, out of range. Every step that was sent must be a 4xx in AWS's form, never a 500.
 */
export async function* walkOperations(options: {
  readonly service: ServiceDefinition;
  readonly send: (operation: string, input: Record<string, unknown>) => Promise<WalkAnswer>;
}): AsyncGenerator<WalkStep> {
  for (const wrong of wrongInputs(options.service))
    yield { ...wrong, ...(await options.send(wrong.operation, wrong.input)) };
}

/** The inputs that `walkOperations` sends. */
export function* wrongInputs(service: ServiceDefinition): Generator<WrongInput> {
  const model = serviceModel(service);
  const rules = inputRules(model);
  for (const operation of Object.keys(service.operations)) {
    const shape = model.operations.get(operation)?.input;
    if (shape === undefined) continue;
    const base = plausibleInput(shape, rules);
    yield* described(operation, base, mutations(shape, rules, []));
    for (const { name, required, shape: part } of shape.members) {
      if (required || part.kind !== "structure" || part.isUnion) continue;
      yield* described(operation, { ...base, [name]: plausibleInput(part, rules) }, mutations(part, rules, [name]));
    }
  }
}

function* described(
  operation: string,
  base: Readonly<Record<string, unknown>>,
  wrong: Iterable<Mutation>,
): Generator<WrongInput> {
  for (const { path, value, mutation } of wrong) {
    yield { operation, mutation: `${path.join(".")} ${mutation}`, input: withValue(base, path, value) };
  }
}

interface Mutation {
  readonly path: readonly string[];
  /** Undefined: the member is left out. */
  readonly value: unknown;
  readonly mutation: string;
}

/** Members at the top, and below those that are required. */
function* mutations(shape: StructureShape, rules: InputRules, above: readonly string[]): Generator<Mutation> {
  for (const member of shape.members) {
    const path = [...above, member.name];
    const key = `${shape.name}.${member.name}`;
    if (member.required && !member.traits.httpLabel) yield { path, value: undefined, mutation: "missing" };
    for (const wrong of wrongValues(member, key, rules)) yield { path, ...wrong };
    if (member.required && member.shape.kind === "structure" && !member.shape.isUnion)
      yield* mutations(member.shape, rules, path);
  }
}

const longestProbe = 100_000;

function* wrongValues(member: Member, key: string, rules: InputRules): Generator<{ value: unknown; mutation: string }> {
  const { shape, traits } = member;
  const inBody = !traits.httpLabel && !traits.httpQuery && !traits.httpHeader && traits.httpPrefixHeaders === undefined;
  if (inBody && (shape.kind === "number" || shape.kind === "boolean"))
    yield { value: "neither", mutation: "of a wrong type" };
  const { min, max, pattern } = rules.constraints[key] ?? {};
  if (shape.kind === "string") {
    if (rules.enumOf(key) !== undefined) yield { value: "NoSuchValue", mutation: "no such value" };
    if (max !== undefined && max < longestProbe) yield { value: "a".repeat(max + 1), mutation: "too long" };
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test("\u0001 \u0001"))
      yield { value: "\u0001 \u0001".trim(), mutation: "against its pattern" };
  } else if (shape.kind === "number") {
    if (max !== undefined) yield { value: max + 1, mutation: "too large" };
    if (min !== undefined) yield { value: min - 1, mutation: "too small" };
  } else if (shape.kind === "list" && max !== undefined && max < 1000) {
    yield {
      value: Array.from({ length: max + 1 }, () => plausibleValue(shape.element, `${key}[]`, rules)),
      mutation: "too many",
    };
  }
}

function withValue(
  base: Readonly<Record<string, unknown>>,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  return {
    ...base,
    [name]: rest.length === 0 ? value : withValue((base[name] ?? {}) as Record<string, unknown>, rest, value),
  };
}

interface SendingClient {
  readonly send: (command: never) => Promise<unknown>;
}

type CommandClass = new (input: Record<string, unknown>) => unknown;

/** A sender for `walkOperations` over an official client. */
export function sendWithClient(service: ServiceDefinition, client: SendingClient) {
  const sdk = service.load();
  return async (operation: string, input: Record<string, unknown>): Promise<WalkAnswer> => {
    const Command = sdk[`${operation}Command`] as CommandClass;
    try {
      await client.send(new Command(input) as never);
      return { status: 200, code: "", message: "" };
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      return { status: $metadata?.httpStatusCode, code: name, message };
    }
  };
}
