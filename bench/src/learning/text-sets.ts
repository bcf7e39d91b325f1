import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabelledText } from "@rondo/learn";
import { loadTextSet } from "../fasttext-data.ts";

export const textSets = ["imdb", "proscons", "mr", "reuters", "goemotions"] as const;
export type TextSet = (typeof textSets)[number];

export interface LabelledSplit {
  readonly train: readonly LabelledText[];
  readonly test: readonly LabelledText[];
}

/**
 * The splits of the reference figures. imdb, proscons, mr: see `loadTextSet`. reuters: ModApte, the 90 topics with at least
 * one train and one test document, documents without any of them left out; title and body. goemotions: train and test as
 * given, 28 labels; the development part is not used.
 */
export async function loadLabelledSplit(data: string, name: TextSet): Promise<LabelledSplit> {
  if (name === "reuters") return loadReuters(join(data, "reuters21578"));
  if (name === "goemotions") return loadEmotions(join(data, "goemotions", "original"));
  const split = await loadTextSet(data, name);
  const labelled = ({ label, text }: { label: number; text: string }): LabelledText => ({
    text,
    labels: [String(label)],
  });
  return { train: split.train.map(labelled), test: split.test.map(labelled) };
}

async function loadEmotions(folder: string): Promise<LabelledSplit> {
  const read = async (part: string): Promise<LabelledText[]> => {
    const lines = (await readFile(join(folder, `${part}.tsv`), "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line) => {
      const [text = "", labels = ""] = line.split("\t");
      return { text, labels: labels.split(",") };
    });
  };
  return { train: await read("train"), test: await read("test") };
}

async function loadReuters(folder: string): Promise<LabelledSplit> {
  const parts: Record<"TRAIN" | "TEST", LabelledText[]> = { TRAIN: [], TEST: [] };
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sgm")).sort();
  for (const file of files) {
    const content = await readFile(join(folder, file), "latin1");
    for (const [, attributes = "", story = ""] of content.matchAll(/<REUTERS([^>]*)>([\s\S]*?)<\/REUTERS>/g)) {
      const attribute = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
      const part = attribute("LEWISSPLIT");
      if (attribute("TOPICS") !== "YES" || (part !== "TRAIN" && part !== "TEST")) continue;
      parts[part].push(readStory(story));
    }
  }
  const inBoth = intersection(parts.TRAIN, parts.TEST);
  const kept = (texts: readonly LabelledText[]): LabelledText[] =>
    texts
      .map(({ text, labels }) => ({ text, labels: labels.filter((label) => inBoth.has(label)) }))
      .filter(({ labels }) => labels.length > 0);
  return { train: kept(parts.TRAIN), test: kept(parts.TEST) };
}

function readStory(story: string): LabelledText {
  const element = (name: string): string | undefined =>
    new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(story)?.[1];
  const [title, body] = [element("TITLE"), element("BODY")];
  const text =
    (title === undefined ? "" : `${title} `) + (body ?? (title === undefined ? (element("TEXT") ?? "") : ""));
  const labels = [...(element("TOPICS") ?? "").matchAll(/<D>(.*?)<\/D>/g)].map(([, label = ""]) => label);
  return { text: text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"), labels };
}

function intersection(one: readonly LabelledText[], other: readonly LabelledText[]): Set<string> {
  const labelsOf = (texts: readonly LabelledText[]): Set<string> => new Set(texts.flatMap(({ labels }) => labels));
  const others = labelsOf(other);
  return new Set([...labelsOf(one)].filter((label) => others.has(label)));
}
