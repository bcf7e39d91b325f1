/**
 * Writes the files that are derived from the code: `npm run generate`. With `--check` nothing is written; the program fails when a file is not what it would
 * write.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { importMap } from "./import-map.ts";
import { operationsPage } from "./operations-page.ts";

interface Generated {
  readonly path: string;
  readonly content: () => string;
}

const generated: readonly Generated[] = [
  { path: "docs/operations.md", content: operationsPage },
  { path: "ARCHITECTURE.md", content: () => between(readFileSync("ARCHITECTURE.md", "utf8"), "map", importMap()) },
];

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function between(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close, start);
  if (start < 0 || end < 0) throw new Error(`The markers ${open} and ${close} are missing`);
  return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
}

function main(): void {
  const checkOnly = process.argv.includes("--check");
  for (const { path, content } of generated) {
    const wanted = content();
    if (existsSync(path) && readFileSync(path, "utf8") === wanted) continue;
    if (checkOnly) {
      console.error(`${path} is not up to date: npm run generate`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, wanted);
      console.log(`wrote ${path}`);
    }
  }
}

if (import.meta.main) main();
