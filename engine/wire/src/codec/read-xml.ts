import { AwsError } from "../error.ts";
import type { Member, Shape, StructureShape } from "../shape.ts";
import { malformedXml, parseXml, type XmlElement } from "./parse-xml.ts";
import { readSimpleText } from "./simple-text.ts";

/** An XML body by its shape; unknown elements are dropped. Throws MalformedXML. */
export function readXml(shape: Shape, body: Buffer, nestingDepth: number): unknown {
  try {
    return readElement(shape, parseXml(body.toString("utf8"), nestingDepth));
  } catch (error) {
    throw error instanceof AwsError ? malformedXml() : error;
  }
}

function readElement(shape: Shape, element: XmlElement): unknown {
  if (shape.kind === "structure") return readStructure(shape, element);
  if (shape.kind === "list") return element.children.map((child) => readElement(shape.element.shape, child));
  if (shape.kind === "map")
    return Object.fromEntries(element.children.map((entry) => readEntry(shape.key, shape.value, entry)));
  if (element.children.length > 0) throw malformedXml();
  return readSimpleText(shape, element.text);
}

function readStructure(shape: StructureShape, element: XmlElement): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const value = readMember(member, element);
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}

function readMember({ name, shape, traits }: Member, element: XmlElement): unknown {
  const xmlName = traits.xmlName ?? name;
  if (traits.xmlAttribute) {
    const text = element.attributes[xmlName];
    return text === undefined ? undefined : readSimpleText(shape, text);
  }
  const found = element.children.filter((child) => child.name === xmlName);
  const [first] = found;
  if (first === undefined) return undefined;
  if (traits.xmlFlattened && shape.kind === "list")
    return found.map((child) => readElement(shape.element.shape, child));
  if (traits.xmlFlattened && shape.kind === "map")
    return Object.fromEntries(found.map((entry) => readEntry(shape.key, shape.value, entry)));
  return readElement(shape, first);
}

function readEntry(key: Member, value: Member, entry: XmlElement): readonly [string, unknown] {
  const keyElement = entry.children.find(({ name }) => name === (key.traits.xmlName ?? "key"));
  const valueElement = entry.children.find(({ name }) => name === (value.traits.xmlName ?? "value"));
  if (keyElement === undefined || valueElement === undefined) throw malformedXml();
  return [keyElement.text, readElement(value.shape, valueElement)];
}
