import type { Constraints } from "../constraint.ts";
import { checkInput, type InputRules } from "../input/check-input.ts";
import type { Member, Shape, StructureShape } from "../shape.ts";

/** Texts of which one fits most patterns of AWS's APIs. */
const candidates = [
  "example-1",
  "a",
  "1",
  "1.0",
  "arn:aws:iam::000000000000:role/example",
  "arn:aws:iam::000000000000:policy/example",
  "arn:aws:sagemaker:eu-central-1:000000000000:training-job/example",
  "arn:aws:logs:eu-central-1:000000000000:log-group:example",
  "s3://bucket/prefix",
  "https://bucket.s3.amazonaws.com/prefix",
  "000000000000.dkr.ecr.eu-central-1.amazonaws.com/image:1",
  "text/csv",
  "/",
  "{}",
];

/** An input with all required members, each satisfying the constraints that are known; `key` is `Structure.member`. */
export function plausibleInput(shape: StructureShape, rules: InputRules): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const wanted = shape.isUnion ? shape.members.slice(0, 1) : shape.members.filter(({ required }) => required);
  for (const member of wanted) input[member.name] = plausibleValue(member, `${shape.name}.${member.name}`, rules);
  return input;
}

/** A value of a member that satisfies what is known of it. */
export function plausibleValue({ shape }: Member, key: string, rules: InputRules): unknown {
  const constraint = rules.constraints[key];
  switch (shape.kind) {
    case "structure":
      return plausibleInput(shape, rules);
    case "list":
      return Array.from({ length: constraint?.min ?? 1 }, () => plausibleValue(shape.element, `${key}[]`, rules));
    case "map":
      return {
        [String(plausibleValue(shape.key, `${key}{key}`, rules))]: plausibleValue(shape.value, `${key}{value}`, rules),
      };
    case "string":
      return plausibleText(key, shape, rules);
    case "number":
      return constraint?.min ?? 1;
    case "bigInteger":
      return BigInt(constraint?.min ?? 1);
    case "boolean":
      return true;
    case "timestamp":
      return new Date(1_700_000_000_000);
    case "blob":
      return Buffer.from("{}");
    default:
      return "1";
  }
}

function plausibleText(key: string, shape: Shape, rules: InputRules): string {
  const [first] = rules.enumOf(key) ?? [];
  if (first !== undefined) return first;
  const min = rules.constraints[key]?.min ?? 0;
  const texts = [...candidates, ...candidates.map((text) => text.padEnd(min, "x"))];
  return texts.find((text) => isAllowed(key, shape, text, rules)) ?? "a".repeat(Math.max(1, min));
}

function isAllowed(key: string, shape: Shape, text: string, rules: InputRules): boolean {
  const member: Member = { name: "value", shape, traits: {}, required: true };
  const probe: StructureShape = {
    kind: "structure",
    name: "Probe",
    isUnion: false,
    traits: {},
    members: [member],
    member: () => member,
  };
  const constraint = rules.constraints[key];
  const constraints: Constraints = constraint === undefined ? {} : { "Probe.value": constraint };
  return checkInput(probe, { value: text }, { constraints, enumOf: () => undefined }).length === 0;
}
