import { readFile } from "node:fs/promises";

/** The code of each fenced block of one language in a Markdown file, in order. Throws when there is none: then nothing would be tested. */
export async function codeBlocks(path: string, language: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  const blocks = [...text.matchAll(/^```(\S+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code = ""]) => code);
  if (blocks.length === 0) throw new Error(`${path} has no code block in ${language}.`);
  return blocks;
}
