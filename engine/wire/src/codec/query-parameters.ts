import type { QueryPair } from "../percent-encoding.ts";
import type { ListShape, MapShape, Member, Shape, StructureShape } from "../shape.ts";
import { serializationError } from "./serialization-error.ts";
import { readSimpleText } from "./simple-text.ts";

/** `Tags.member.1.Key=a` as a tree: what stands at a name, and below it. */
interface ParameterNode {
  value: string | undefined;
  readonly below: Map<string, ParameterNode>;
}

/** Names and parts of names in one form; AWS takes forms of about a megabyte. */
const mostNames = 200_000;

/** Reads an input out of the parameters of the query protocol. Throws SerializationException. */
export function readParameters(
  shape: StructureShape,
  pairs: readonly QueryPair[],
  nestingDepth: number,
): Record<string, unknown> {
  const root: ParameterNode = { value: undefined, below: new Map() };
  let names = 0;
  for (const { name, value } of pairs) {
    const parts = name.split(".");
    names += parts.length;
    if (names > mostNames) throw serializationError(`The form has more than ${mostNames} names`);
    if (parts.length > 2 * nestingDepth)
      throw serializationError(`The parameter names are nested deeper than ${nestingDepth} levels`);
    let node = root;
    for (const part of parts) {
      let next = node.below.get(part);
      if (next === undefined) node.below.set(part, (next = { value: undefined, below: new Map() }));
      node = next;
    }
    node.value = value;
  }
  return readStructure(shape, root);
}

function readStructure(shape: StructureShape, node: ParameterNode): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const below = node.below.get(member.traits.xmlName ?? member.name) ?? node.below.get(member.name);
    const value = below === undefined ? undefined : readNode(member.shape, member, below);
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}

function readNode(shape: Shape, member: Member, node: ParameterNode): unknown {
  if (shape.kind === "structure") return readStructure(shape, node);
  if (shape.kind === "list") return readList(shape, member, node);
  if (shape.kind === "map") return readMap(shape, member, node);
  if (node.value === undefined) throw serializationError(`Unexpected structure in the parameter ${member.name}`);
  return readSimpleText(shape, node.value);
}

function readList({ element }: ListShape, { name, traits }: Member, node: ParameterNode): unknown[] {
  if (node.value !== undefined && node.below.size === 0) {
    if (node.value === "") return [];
    throw serializationError(`The parameter ${name} is a list: ${name}.member.1=…`);
  }
  const items = traits.xmlFlattened ? node : (node.below.get(element.traits.xmlName ?? "member") ?? node);
  return inOrder(items).map((item) => readNode(element.shape, element, item));
}

function readMap({ key, value }: MapShape, { name, traits }: Member, node: ParameterNode): Record<string, unknown> {
  const entries = traits.xmlFlattened ? node : (node.below.get("entry") ?? node);
  return Object.fromEntries(
    inOrder(entries).map((entry) => {
      const entryKey = entry.below.get(key.traits.xmlName ?? "key")?.value;
      const entryValue = entry.below.get(value.traits.xmlName ?? "value");
      if (entryKey === undefined || entryValue === undefined)
        throw serializationError(`The parameter ${name} is a map: ${name}.entry.1.key=…`);
      return [entryKey, readNode(value.shape, value, entryValue)];
    }),
  );
}

/** The numbered nodes by their number; holes are closed. */
function inOrder({ below }: ParameterNode): ParameterNode[] {
  const numbered = [...below].filter(([name]) => /^\d{1,9}$/.test(name));
  return numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node);
}
