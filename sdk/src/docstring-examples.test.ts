import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDERS = ["sdk/src", "apps/sentiment/src"];
const PAGES = ["README.md", "sdk/README.md"];

/** The code of every `@example` block and of the pages, as a module beside the file that it stands in. */
async function exampleModules(): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
      const source = await readFile(join(ROOT, folder, name), "utf8");
      for (const [index, match] of [...source.matchAll(/\* ```ts\n([\s\S]*?)\* ```/g)].entries()) {
        const code = (match[1] ?? "").replace(/^ *\* ?/gm, "");
        modules.set(join(ROOT, folder, name.replace(/\.ts$/, `.example-${index}.ts`)), code);
      }
    }
  }
  for (const page of PAGES) {
    const text = await readFile(join(ROOT, page), "utf8");
    for (const [index, match] of [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].entries()) {
      modules.set(join(ROOT, page.replace(/\.md$/, `.example-${index}.ts`)), match[1] ?? "");
    }
  }
  return modules;
}

test("every example in a docstring and a README compiles", async () => {
  const modules = await exampleModules();
  assert.ok(modules.size >= 9, `only ${modules.size} examples were found`);
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const compilerOptions = {
    ...options,
    composite: false,
    emitDeclarationOnly: false,
    declarationMap: false,
    noEmit: true,
  };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile: read, getSourceFile } = host;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => modules.get(path) ?? read(path);
  host.getSourceFile = (path, version) => {
    const code = modules.get(path);
    return code === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, code, version);
  };
  const program = ts.createProgram([...modules.keys()], compilerOptions, host);
  const diagnostics = [...modules.keys()].flatMap((path) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(path)),
  );
  const messages = diagnostics.map(
    ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
  assert.deepEqual(messages, []);
});
