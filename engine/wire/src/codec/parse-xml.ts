import { awsError } from "../error.ts";

/** An element of a request's XML. Prefixes are dropped: AWS's shapes know local names only. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its text, without that of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly rawName: string;
  readonly children: XmlElement[];
  text: string;
}

export const malformedXml = () =>
  awsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    { status: 400 },
  );

const token =
  /<(?:!\[CDATA\[([\s\S]*?)\]\]>|!--[\s\S]*?-->|\?[\s\S]*?\?>|\/([^\s<>/]+)\s*>|([^\s<>/!?][^\s<>/]*)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/gy;

/** CompleteMultipartUpload with its 10,000 parts and all their checksums has 90,000. */
const mostElements = 200_000;

/** Parses an XML document: no document type, so no entities but the five of XML itself. Throws MalformedXML. */
export function parseXml(source: string, nestingDepth: number): XmlElement {
  const root: OpenElement = { name: "", rawName: "", attributes: {}, children: [], text: "" };
  const open: OpenElement[] = [root];
  let elements = 0;
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < source.length) {
    const current = open.at(-1) ?? root;
    const next = source.indexOf("<", at);
    const text = source.slice(at, next < 0 ? undefined : next);
    if (text !== "") current.text += unescapeXml(text);
    if (next < 0) break;
    token.lastIndex = next;
    const match = token.exec(source);
    if (match === null) throw malformedXml();
    at = token.lastIndex;
    const [, cdata, closing, opening, attributes = "", selfClosing] = match;
    if (cdata !== undefined) current.text += cdata;
    else if (closing !== undefined) {
      if (open.length < 2 || current.rawName !== closing) throw malformedXml();
      open.pop();
    } else if (opening !== undefined) {
      const element: OpenElement = {
        name: localName(opening),
        rawName: opening,
        attributes: readAttributes(attributes),
        children: [],
        text: "",
      };
      current.children.push(element);
      if (selfClosing === "") open.push(element);
      if (open.length > nestingDepth + 1 || ++elements > mostElements) throw malformedXml();
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || document === undefined || root.children.length > 1 || root.text.trim() !== "")
    throw malformedXml();
  return document;
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[name] = unescapeXml(double ?? single ?? "");
  }
  return attributes;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));|&/gi,
    (_, hex?: string, decimal?: string, name?: string) => {
      const code = hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : undefined;
      if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
      const character = name === undefined ? undefined : named[name];
      if (character === undefined) throw malformedXml();
      return character;
    },
  );
}
