/**
 * Runs the tests on one home of state: `node checks/src/run-tests.ts [--sql embedded|pglite|server] [--only <path part>]`. Ends with a line
 * `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

const roots = [
  "statistics/src",
  "engine/*/src",
  "sdk/src",
  "apps/*/src",
  "cli/src",
  "conformance/src",
  "checks/src",
  "bench/src",
];

/** Packages that know nothing of where state is at home, or reach it through the API alone: their tests run once, with the default. */
const homeless = /^(statistics|engine\/(kernels|learn|personalize|images|wire)|sdk|apps|cli|checks|bench)\//;

/** A test that hangs is named and fails; the longest takes a minute on a busy machine. */
const timeoutMs = 600_000;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Reads the closing lines of node's test runner (`ℹ pass 12`). */
export function readCounts(output: string): Counts {
  const count = (word: string): number => Number(new RegExp(`^\\S* ?${word} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("cancelled"), skipped: count("skipped") };
}

function run(files: readonly string[], environment: NodeJS.ProcessEnv): Promise<{ output: string; code: number }> {
  const args = ["--test", "--test-reporter=spec", `--test-concurrency=${Math.max(2, availableParallelism())}`];
  args.push(`--test-timeout=${timeoutMs}`, "--test-global-setup=engine/store/src/testing/global-setup.ts", ...files);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-1_000_000);
      process.stdout.write(chunk);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ output, code: code ?? 1 }));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { sql: { type: "string", default: "embedded" }, only: { type: "string" } } });
  if (!["embedded", "pglite", "server"].includes(values.sql))
    throw new Error(`--sql is embedded, pglite or server, not ${values.sql}`);
  if (values.sql === "server" && process.env.DATABASE_URL === undefined) {
    throw new Error(
      "The tests against a server need DATABASE_URL=postgres://user:password@host/database of a user who may create databases",
    );
  }
  const files = roots
    .flatMap((root) => globSync(`${root}/**/*.test.ts`))
    .filter((file) => file.includes(values.only ?? "") && (values.sql === "embedded" || !homeless.test(file)));
  // Node's runner would take an empty list for all files that it can find.
  if (files.length === 0) throw new Error(`No test file for ${values.sql} has "${values.only}" in its path.`);
  const { output, code } = await run(files.toSorted(), { ...process.env, RONDO_TEST_SQL: values.sql });
  const counts = readCounts(output);
  console.log(
    `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`,
  );
  process.exitCode = code === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

if (import.meta.main) await main();
