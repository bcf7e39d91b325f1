import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

export const LABELS = ["positive", "negative"] as const;

export type Label = (typeof LABELS)[number];

export interface Opinion {
  readonly label: Label;
  readonly text: string;
}

const FILE = new URL("../data/product-opinions.tsv.gz", import.meta.url);

function isLabel(text: string): text is Label {
  return LABELS.some((label) => label === text);
}

/** The opinions that come with the application (data/README.md), in the order of the file. */
export async function readProductOpinions(): Promise<Opinion[]> {
  const lines = (await promisify(gunzip)(await readFile(FILE))).toString("utf8").trimEnd().split("\n");
  return lines.map((line, index) => {
    const [label = "", text = ""] = line.split("\t");
    if (!isLabel(label) || text === "")
      throw new Error(`Line ${index + 1} of product-opinions.tsv.gz is damaged: "${line}".`);
    return { label, text };
  });
}
