/**
 * `npm run test:clients`: real foreign clients against a bare server of our own: boto3, the AWS CLI (pip, in a virtual environment) and the official
 * JavaScript clients. Each program ends with `N passed, N failed`; the last line adds them up.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { launchServer } from "./launch-server.ts";

const environment = resolve(".cache/clients");
const requirements = "conformance/python/requirements.txt";

const programs: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "boto3: object storage", command: ["python", "conformance/python/object_storage.py"] },
  { name: "boto3: the whole loop", command: ["python", "conformance/python/training_loop.py"] },
  { name: "fastText: models both ways", command: ["python", "conformance/python/fasttext_models.py"] },
  { name: "AWS CLI: the whole loop", command: ["bash", "conformance/cli/training-loop.sh"] },
  { name: "JavaScript clients: the whole loop", command: [process.execPath, "conformance/src/javascript-client.ts"] },
];

/** Makes the virtual environment once; a change of the requirements makes it anew. */
async function installPythonClients(): Promise<void> {
  const wanted = readFileSync(requirements, "utf8");
  const stamp = join(environment, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await rm(environment, { recursive: true, force: true });
  execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
  execFileSync(join(environment, "bin/pip"), ["install", "--quiet", "-r", requirements], { stdio: "inherit" });
  await copyFile(requirements, stamp);
}

function run(command: readonly string[], variables: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  return new Promise((done, failed) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { env: variables, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    child.once("error", failed);
    child.once("close", (code) => done({ code: code ?? 1, output }));
  });
}

async function main(): Promise<void> {
  await installPythonClients();
  await using server = await launchServer();
  const path = `${join(environment, "bin")}:${process.env.PATH}`;
  const variables = { ...process.env, ...server.variables, PATH: path, PYTHONDONTWRITEBYTECODE: "1" };
  let passed = 0;
  let failed = 0;
  for (const { name, command } of programs.filter((program) => program.name.includes(process.argv[2] ?? ""))) {
    console.log(`--- ${name}`);
    const { code, output } = await run(command, variables);
    const counts = /^(\d+) passed, (\d+) failed$/m.exec(output);
    passed += Number(counts?.[1] ?? 0);
    failed += Math.max(Number(counts?.[2] ?? 0), code === 0 && counts !== null ? 0 : 1);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
