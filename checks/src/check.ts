/**
 * `npm run check`: everything that can be said about the code without running it. Each check is a command of a well-kept tool or a small function
 * of this folder; they run two at a time, and all of them run even when one fails.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { markdownProblems } from "./markdown-paths.ts";
import { forbiddenNames, foreignMentions } from "./names.ts";
import { requirementProblems } from "./requirements-page.ts";

interface Check {
  readonly name: string;
  readonly what: string;
  readonly run: () => Promise<string | null>;
}

const parts = ["statistics", "engine", "sdk", "apps", "cli", "bench", "conformance", "checks"];

const checks: readonly Check[] = [
  { name: "types", what: "tsc, strict", run: command("tsc", ["-b"]) },
  { name: "format", what: "biome", run: command("biome", ["check", "."]) },
  { name: "lint", what: "oxlint: rules, file and function sizes", run: command("oxlint", ["--deny-warnings"]) },
  {
    name: "arrows",
    what: "dependency-cruiser: arrows point down, no cycles",
    run: command("depcruise", ["--config", ".dependency-cruiser.json", ...parts]),
  },
  { name: "unused", what: "knip: exports, files and dependencies", run: command("knip", []) },
  { name: "duplicates", what: "jscpd: no block twice", run: command("jscpd", ["."]) },
  { name: "names", what: "no empty words, nothing of one machine", run: async () => names() },
  { name: "links", what: "what Markdown links to or names is there", run: async () => links() },
  {
    name: "requirements",
    what: "what docs/requirements/ names is there",
    run: async () => requirements(),
  },
  {
    name: "generated",
    what: "generated files are up to date",
    run: command("node", ["checks/src/generate.ts", "--check"]),
  },
];

/** A tool of node_modules/.bin (npm puts it on the PATH); its output is the problem when it fails. */
function command(program: string, args: readonly string[]): () => Promise<string | null> {
  return () =>
    new Promise((resolve) => {
      const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.once("error", (error) =>
        resolve(`${program} did not start: ${error.message}. Run it through npm: npm run check`),
      );
      child.once("close", (code) => resolve(code === 0 ? null : output.trim() || `${program} ended with ${code}`));
    });
}

/** What git has or would take. */
function projectFiles(): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
    .split("\n")
    .filter((path) => path !== "" && existsSync(path));
}

function names(): string | null {
  const paths = projectFiles();
  const texts = paths.filter(
    (path) =>
      /\.(tsx?|css|html|js|mjs|json|md|sql|py|sh|yml)$|\/run$/.test(path) && !path.startsWith("checks/src/names"),
  );
  const problems = [
    ...forbiddenNames(paths),
    ...texts.flatMap((path) => foreignMentions(path, readFileSync(path, "utf8"))),
  ];
  return report(problems);
}

function links(): string | null {
  const paths = projectFiles();
  const folders = new Set(paths.flatMap((path) => ancestors(path)));
  const exists = (path: string) => paths.includes(path) || folders.has(path.replace(/\/$/, ""));
  const pages = paths.filter((path) => path.endsWith(".md"));
  return report(
    pages.flatMap((path) => markdownProblems({ path, text: readFileSync(path, "utf8") }, exists, [...folders])),
  );
}

/** Each page is about the application of its name. */
function requirements(): string | null {
  const paths = new Set(projectFiles());
  const repository = {
    exists: (path: string) => paths.has(path),
    read: (path: string) => readFileSync(path, "utf8"),
  };
  const pages = [...paths].filter((path) => /^docs\/requirements\/[\w-]+\.md$/.test(path));
  return report(
    pages.flatMap((path) => {
      const home = `apps/${basename(path, ".md")}`;
      return requirementProblems({ path, text: readFileSync(path, "utf8") }, home, repository);
    }),
  );
}

function ancestors(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function report(problems: readonly { readonly path: string; readonly problem: string }[]): string | null {
  return problems.length === 0 ? null : problems.map(({ path, problem }) => `${path}: ${problem}`).join("\n");
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const queue = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const start = performance.now();
      const problem = await check.run();
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(
        `${problem === null ? "ok  " : "FAIL"}  ${check.name.padEnd(10)}  ${seconds.padStart(5)} s  ${check.what}`,
      );
      if (problem !== null) {
        failed += 1;
        console.log(problem.replace(/^/gm, "      "));
      }
    }
  };
  await Promise.all([worker(), worker()]);
  if (failed > 0) console.log(`\n${failed} of the checks failed. One alone: npm run check -- <name>`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
