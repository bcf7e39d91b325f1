import { execFileSync } from "node:child_process";
import type { ICruiseResult, IModule } from "dependency-cruiser";

/** The packages of the house from top to bottom, each with what it holds. An arrow may only point to a package further down. */
export const packages = {
  cli: "`rondo …`",
  "engine/server": "the composition root: configuration, one port, first start",
  "apps/sentiment": "the sentiment application, a client like any other",
  "apps/recommendations": "the recommendations application, another one",
  sdk: "`@rondo/sdk`: high-level TypeScript SDK on the official clients",
  "engine/services": "one folder per AWS service, one file per resource",
  "engine/control": "the control loop: claims due rows and reconciles them",
  "engine/serve": "endpoints and campaigns: load, route by variant, roll out, answer from memory, measure",
  "engine/run": "finite work: stage inputs, execute, follow logs and metrics, collect",
  "engine/images": "the built-in images: SageMaker's container contract over learn",
  "engine/wire": "AWS protocols on the server side: routing, signatures, schemas in reverse, errors",
  "engine/store": "SQL homes, migrations, resources, objects, logs, metrics, identities",
  "engine/personalize": "Amazon Personalize without its API: records, filters, recipes, training, answers",
  "engine/learn": "algorithms by family",
  "engine/kernels": "number crunching: a scalar reference beside WebAssembly SIMD",
  statistics: "what a number from a sample is worth: intervals, tests, scores",
} as const;

export type PackageName = keyof typeof packages;

/** `engine/wire/src/error.ts` → `engine/wire`. */
export function packageOf(path: string): PackageName | undefined {
  return (Object.keys(packages) as PackageName[]).find((name) => path.startsWith(`${name}/`));
}

/** Which packages the product's files (not the tests) of each package import. */
export function importsByPackage(
  modules: readonly Pick<IModule, "source" | "dependencies">[],
): Map<PackageName, Set<PackageName>> {
  const imports = new Map((Object.keys(packages) as PackageName[]).map((name) => [name, new Set<PackageName>()]));
  for (const module of modules) {
    const from = packageOf(module.source);
    if (from === undefined || /\.test\.ts$|\/testing\/|\.bench\.ts$/.test(module.source)) continue;
    for (const { resolved } of module.dependencies) {
      const to = packageOf(resolved);
      if (to !== undefined && to !== from) imports.get(from)?.add(to);
    }
  }
  return imports;
}

/** The map of ARCHITECTURE.md as Markdown, measured from the imports in the code. */
export function importMap(): string {
  const command = "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs";
  const args = [
    command,
    "--config",
    ".dependency-cruiser.json",
    "--output-type",
    "json",
    "statistics",
    "engine",
    "apps",
    "sdk",
    "cli",
  ];
  const output = execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 256 * 2 ** 20 });
  const { modules } = JSON.parse(output) as ICruiseResult;
  const imports = importsByPackage(modules);
  const rows = (Object.keys(packages) as PackageName[]).map((name) => {
    const below = (Object.keys(packages) as PackageName[]).filter((other) => imports.get(name)?.has(other));
    return `| \`${name}\` | ${packages[name]} | ${below.map((other) => other.replace(/^(engine|apps)\//, "")).join(", ") || "nothing of ours"} |`;
  });
  return ["| package | holds | imports |", "|---|---|---|", ...rows].join("\n");
}
