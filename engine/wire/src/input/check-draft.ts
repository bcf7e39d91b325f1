import { readDocument } from "../codec/document.ts";
import { AwsError } from "../error.ts";
import type { ServiceDefinition } from "../service.ts";
import { serviceModel } from "../service-model.ts";
import type { Member, Shape, StructureShape } from "../shape.ts";
import { checkInput, type InputRules } from "./check-input.ts";
import { inputRules } from "./input-rules.ts";
import { violationError } from "./violation.ts";

/** A request some of whose values are not known yet. */
export interface DraftRequest {
  /** `CreateTrainingJob`. */
  readonly operation: string;
  /** As its JSON would say it. */
  readonly input: unknown;
  /** Whether a value stands for one that comes later: whatever it is, it is not looked at. */
  readonly isOpen: (value: unknown) => boolean;
  /** Members of the request itself that come later. */
  readonly openMembers: readonly string[];
}

interface Walk {
  readonly rules: InputRules;
  readonly isOpen: (value: unknown) => boolean;
}

/**
 * What is wrong with what a request says already, by the SDK's schema and the service's constraints: the first problem, which names the member; undefined when
 * there is none. Unlike a client's request a draft may have no members that the SDK does not know: nobody would notice that they are dropped.
 */
export function checkDraft(
  definition: ServiceDefinition,
  { operation, input, isOpen, openMembers }: DraftRequest,
): string | undefined {
  const model = serviceModel(definition);
  const shape = model.operations.get(operation)?.input;
  if (shape === undefined) throw new Error(`${operation} is not an operation with an input`);
  const walk = { rules: inputRules(model), isOpen };
  const members = shape.members.filter(({ name }) => !openMembers.includes(name));
  return checkStructure({ ...shape, members }, input, { ...walk, path: "", known: shape });
}

interface Place extends Walk {
  readonly path: string;
}

function checkStructure(
  shape: StructureShape,
  value: unknown,
  place: Place & { readonly known?: StructureShape },
): string | undefined {
  const { path, known = shape } = place;
  if (!isObject(value)) return `${path} must be an object`;
  const unknown = Object.keys(value).find((name) => known.member(name) === undefined);
  if (unknown !== undefined) return `${join(path, unknown)} is not a member of ${shape.name}`;
  for (const member of shape.members) {
    const problem = checkMember(shape, member, value[member.name], { ...place, path: join(path, member.name) });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkMember(owner: StructureShape, member: Member, value: unknown, place: Place): string | undefined {
  const { path, rules, isOpen } = place;
  if (value === undefined || value === null) return member.required ? `${path} is missing` : undefined;
  if (isOpen(value)) return undefined;
  const inner = checkInside(member.shape, value, place);
  if (inner !== undefined || hasOpen(value, isOpen)) return inner;
  const probe: StructureShape = { ...owner, members: [member] };
  try {
    const violations = checkInput(probe, { [member.name]: readDocument(member.shape, value) }, rules);
    return violations.length === 0
      ? undefined
      : `${path}: ${violationError("ValidationException", violations).message}`;
  } catch (error) {
    if (error instanceof AwsError) return `${path}: ${error.message}`;
    throw error;
  }
}

/** What is within structures, in lists and maps too. */
function checkInside(shape: Shape, value: unknown, place: Place): string | undefined {
  if (place.isOpen(value)) return undefined;
  if (shape.kind === "structure") return checkStructure(shape, value, { ...place, known: shape });
  const inner = shape.kind === "list" ? shape.element : shape.kind === "map" ? shape.value : undefined;
  if (inner === undefined || typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const problem = checkInside(inner.shape, item, { ...place, path: `${place.path}[${key}]` });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function hasOpen(value: unknown, isOpen: Walk["isOpen"]): boolean {
  if (isOpen(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((item) => hasOpen(item, isOpen));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
