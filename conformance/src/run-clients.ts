/**
 * `npm run test:clients`: real foreign clients against a bare server of our own: boto3, the AWS CLI, the SageMaker Python SDK (pip, in virtual
 * environments) and the official JavaScript clients. Each program ends with `N passed, N failed`; the last line adds them up.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { launchServer } from "./launch-server.ts";

/** A Python virtual environment and what is installed into it. */
interface Environment {
  readonly path: string;
  readonly requirements: string;
}

const clients = environmentOf("clients", "requirements.txt");
/** By itself: it wants a newer numpy than pip's fastText works with. */
const sageMakerSdk = environmentOf("sagemaker-sdk", "requirements-sagemaker.txt");
/** The same with what judges and opens the models of the built-in algorithms. */
const algorithms = environmentOf("algorithms", "requirements-algorithms.txt");
const xgboost = environmentOf("xgboost", "requirements-xgboost.txt");

interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Default: `clients`. */
  readonly environment?: Environment;
}

const programs: readonly Program[] = [
  { name: "boto3: object storage", command: ["python", "conformance/python/object_storage.py"] },
  { name: "boto3: DynamoDB", command: ["python", "conformance/python/dynamodb.py"] },
  { name: "boto3: alarms, topics and queues", command: ["python", "conformance/python/notifications.py"] },
  { name: "boto3: Personalize as the samples use it", command: ["python", "conformance/python/personalize.py"] },
  { name: "boto3: the whole loop", command: ["python", "conformance/python/training_loop.py"] },
  { name: "fastText: models both ways", command: ["python", "conformance/python/fasttext_models.py"] },
  {
    name: "xgboost: models both ways",
    command: ["python", "conformance/python/xgboost_models.py"],
    environment: xgboost,
  },
  { name: "boto3: README.md as it stands", command: ["python", "conformance/python/readme.py"] },
  { name: "AWS CLI: the whole loop", command: ["bash", "conformance/cli/training-loop.sh"] },
  {
    name: "SageMaker Python SDK: the whole loop",
    command: ["python", "conformance/python/sagemaker_sdk.py"],
    environment: sageMakerSdk,
  },
  {
    name: "SageMaker Python SDK: users' own scripts",
    command: ["python", "conformance/python/sagemaker_processing.py"],
    environment: sageMakerSdk,
  },
  {
    name: "SageMaker Python SDK: pipelines and the model registry",
    command: ["python", "conformance/python/sagemaker_pipelines.py"],
    environment: sageMakerSdk,
  },
  {
    name: "SageMaker Python SDK: every built-in algorithm",
    command: ["python", "conformance/python/builtin_algorithms.py"],
    environment: algorithms,
  },
  { name: "JavaScript clients: the whole loop", command: [process.execPath, "conformance/src/javascript-client.ts"] },
];

function environmentOf(name: string, requirements: string): Environment {
  return { path: resolve(".cache", name), requirements: join("conformance/python", requirements) };
}

/** Makes the virtual environment once; a change of the requirements makes it anew. */
async function install({ path, requirements }: Environment): Promise<void> {
  const wanted = readFileSync(requirements, "utf8");
  const stamp = join(path, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await rm(path, { recursive: true, force: true });
  execFileSync("python3", ["-m", "venv", path], { stdio: "inherit" });
  execFileSync(join(path, "bin/pip"), ["install", "--quiet", "-r", requirements], { stdio: "inherit" });
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
  const chosen = programs.filter((program) => program.name.includes(process.argv[2] ?? ""));
  for (const environment of new Set(chosen.map((program) => program.environment ?? clients)))
    await install(environment);
  await using server = await launchServer();
  let passed = 0;
  let failed = 0;
  for (const { name, command, environment = clients } of chosen) {
    console.log(`--- ${name}`);
    const path = `${join(environment.path, "bin")}:${process.env.PATH}`;
    const variables = { ...process.env, ...server.variables, PATH: path, PYTHONDONTWRITEBYTECODE: "1" };
    const { code, output } = await run(command, variables);
    const counts = /^(\d+) passed, (\d+) failed$/m.exec(output);
    passed += Number(counts?.[1] ?? 0);
    failed += Math.max(Number(counts?.[2] ?? 0), code === 0 && counts !== null ? 0 : 1);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
