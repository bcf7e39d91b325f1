import type { Member, StructureShape, Traits } from "../shape.ts";
import { writeSimpleText } from "./simple-text.ts";

/** Text as XML content or as an attribute's value; what XML 1.0 cannot hold is written as a character reference, as S3 does. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\u2028]|[^\P{Cc}\t\n]/gu, (c) => entities[c] ?? `&#x${c.charCodeAt(0).toString(16)};`);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export interface XmlRoot {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** An output structure as an XML element; nulls and NaN are left out. */
export function writeXml(shape: StructureShape, value: unknown, { name, namespace }: XmlRoot): string {
  const attributes = namespace === undefined ? "" : ` xmlns="${escapeXml(namespace)}"`;
  return structureElement(shape, value as Record<string, unknown>, { name, attributes });
}

interface Element {
  readonly name: string;
  readonly attributes: string;
}

function structureElement(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  { name, attributes }: Element,
): string {
  let own = attributes;
  let content = "";
  for (const member of shape.members) {
    const item = value[member.name];
    if (item === undefined || item === null) continue;
    const memberName = member.traits.xmlName ?? member.name;
    if (member.traits.xmlAttribute) own += ` ${memberName}="${escapeXml(String(item))}"`;
    else content += memberElement(member, item, memberName);
  }
  return `<${name}${own}>${content}</${name}>`;
}

function memberElement({ shape, traits }: Member, value: unknown, name: string): string {
  const element = { name, attributes: namespaceOf(traits) };
  if (shape.kind === "structure") return structureElement(shape, value as Record<string, unknown>, element);
  if (shape.kind === "list") {
    const { element: item } = shape;
    const itemName = traits.xmlFlattened ? name : (item.traits.xmlName ?? "member");
    const items = [...(value as Iterable<unknown>)].map((entry) => memberElement(item, entry, itemName)).join("");
    return traits.xmlFlattened ? items : `<${name}>${items}</${name}>`;
  }
  if (shape.kind === "map") {
    const entryName = traits.xmlFlattened ? name : "entry";
    const entries = Object.entries(value as object).map(([key, item]) => {
      const keyElement = memberElement(shape.key, key, shape.key.traits.xmlName ?? "key");
      return `<${entryName}>${keyElement}${memberElement(shape.value, item, shape.value.traits.xmlName ?? "value")}</${entryName}>`;
    });
    return traits.xmlFlattened ? entries.join("") : `<${name}>${entries.join("")}</${name}>`;
  }
  const text = writeSimpleText(shape, value, "date-time");
  return text === undefined ? "" : `<${name}${element.attributes}>${escapeXml(text)}</${name}>`;
}

function namespaceOf({ xmlNamespace }: Traits): string {
  if (xmlNamespace === undefined) return "";
  const [prefix, uri] = xmlNamespace;
  return ` xmlns${prefix ? `:${prefix}` : ""}="${escapeXml(uri)}"`;
}
