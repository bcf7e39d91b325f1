import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceModel } from "../service-model.ts";
import type { Member, Shape, StructureShape } from "../shape.ts";
import type { EnumMembers } from "./enum-members.ts";

/**
 * Which input members of a service have which enumeration, read out of the declarations of its client package: the schemas say only
 * `string`. `folder` is the package's root.
 */
export function readEnumMembers(model: ServiceModel, folder: string): EnumMembers {
  const declared = readDeclarations(join(folder, "dist-types", "models"));
  const found: Record<string, string> = {};
  for (const structure of inputStructures(model)) {
    for (const member of structure.members) {
      const type = declared.get(`${structure.name}.${member.name}`);
      const place = type === undefined ? undefined : enumPlace(type, member);
      if (place !== undefined && model.enumValues(place.name) !== undefined)
        found[`${structure.name}.${member.name}${place.suffix}`] = place.name;
    }
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `Structure.member` → its type as the declaration says, without `| undefined`. */
function readDeclarations(folder: string): Map<string, string> {
  const types = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.startsWith("models_"))) {
    let structure = "";
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      structure = /^export interface (\w+)/.exec(line)?.[1] ?? structure;
      const [, member, type] = /^ {4}(\w+)\??: (.+?)(?: \| undefined)?;$/.exec(line) ?? [];
      if (member !== undefined && type !== undefined) types.set(`${structure}.${member}`, type);
    }
  }
  return types;
}

function enumPlace(type: string, { shape }: Member): { name: string; suffix: string } | undefined {
  const ofList = /^\(?(\w+)(?: \| undefined)?\)?\[\]$/.exec(type)?.[1];
  if (ofList !== undefined) return { name: ofList, suffix: "[]" };
  const [, key, value] =
    /^Partial<Record<(\w+), (\w+)>>$|^Record<(\w+), (\w+)>$/.exec(type)?.filter((part) => part !== undefined) ?? [];
  if (key !== undefined && key !== "string") return { name: key, suffix: "{key}" };
  if (value !== undefined) return { name: value, suffix: "{value}" };
  return shape.kind === "string" && /^\w+$/.test(type) ? { name: type, suffix: "" } : undefined;
}

/** Every structure that an input can hold. */
function inputStructures(model: ServiceModel): Set<StructureShape> {
  const seen = new Set<StructureShape>();
  const visit = (shape: Shape): void => {
    if (shape.kind === "list") visit(shape.element.shape);
    if (shape.kind === "map") visit(shape.value.shape);
    if (shape.kind !== "structure" || seen.has(shape)) return;
    seen.add(shape);
    for (const member of shape.members) visit(member.shape);
  };
  for (const { input } of model.operations.values()) if (input !== undefined) visit(input);
  return seen;
}
