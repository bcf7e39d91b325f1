import { BlockList, isIP } from "node:net";
import { invalidParameter } from "./sns-error.ts";

export type Scalar = string | number | boolean | null;

/** Tests the values that a message has under a key; an empty list when it has none. */
export type Matcher = (values: readonly Scalar[]) => boolean;

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** What SNS accepts as numbers of a policy. */
const largest = 1e9;

const some =
  (test: (value: Scalar) => boolean): Matcher =>
  (values) =>
    values.some(test);

const someText = (test: (value: string) => boolean): Matcher =>
  some((value) => typeof value === "string" && test(value));

/** One element of a key's list: a value, or an object with one operator. Throws InvalidParameter for what SNS or Rondo does not know. */
export function parseMatcher(condition: unknown): Matcher {
  if (isScalar(condition)) return some((value) => value === condition);
  if (typeof condition !== "object" || condition === null || Array.isArray(condition))
    throw refuse("Match value must be String, number, true, false, or null");
  const [[operator, operand] = ["", undefined], ...others] = Object.entries(condition);
  const parse = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (parse === undefined || others.length > 0) throw refuse(`Unrecognized match type ${operator}`);
  return parse(operand);
}

const operators: Readonly<Record<string, (operand: unknown) => Matcher>> = {
  prefix: (operand) => {
    const prefix = textOf(operand, "prefix");
    return someText((value) => value.startsWith(prefix));
  },
  suffix: (operand) => {
    const suffix = textOf(operand, "suffix");
    return someText((value) => value.endsWith(suffix));
  },
  "equals-ignore-case": (operand) => {
    const wanted = textOf(operand, "equals-ignore-case").toLowerCase();
    return someText((value) => value.toLowerCase() === wanted);
  },
  exists: (operand) => {
    if (typeof operand !== "boolean") throw refuse("exists match pattern must be either true or false");
    return (values) => values.length > 0 === operand;
  },
  "anything-but": (operand) => {
    const excluded = Array.isArray(operand) ? operand : [operand];
    if (excluded.length === 0) throw refuse("anything-but list must not be empty");
    const matchers = excluded.map((element) => parseMatcher(element));
    return some((value) => !matchers.some((matches) => matches([value])));
  },
  numeric: (operand) => parseNumeric(operand),
  cidr: (operand) => parseCidr(textOf(operand, "cidr")),
};

function parseNumeric(operand: unknown): Matcher {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 > 0 || operand.length > 4)
    throw refuse("Value of numeric must be an array of operators and numbers");
  const bounds: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const [operator, bound] = operand.slice(index, index + 2) as [unknown, unknown];
    const compare = comparisons[String(operator)];
    if (compare === undefined) throw refuse(`Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof bound !== "number" || Math.abs(bound) > largest)
      throw refuse("Value of numeric must be a number between -10^9 and 10^9");
    bounds.push((value) => compare(value, bound));
  }
  return some((value) => typeof value === "number" && bounds.every((holds) => holds(value)));
}

function parseCidr(block: string): Matcher {
  const [address = "", length = "", ...rest] = block.split("/");
  const family = isIP(address);
  const bits = Number(length);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length) || bits > (family === 4 ? 32 : 128))
    throw refuse(`${block} is not a CIDR block`);
  const list = new BlockList();
  list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  return someText((value) => {
    const version = isIP(value);
    return version > 0 && list.check(value, version === 4 ? "ipv4" : "ipv6");
  });
}

function textOf(operand: unknown, operator: string): string {
  if (typeof operand !== "string" || operand === "") throw refuse(`${operator} match pattern must be a string`);
  return operand;
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function refuse(reason: string) {
  return invalidParameter(`Attributes Reason: FilterPolicy: ${reason}`);
}
