import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findScriptImage, scriptEnvironment, scriptProcessingCommand, scriptTrainingCommand } from "@rondo/images";
import { writeConfiguration } from "../staging/write-configuration.ts";
import { findMountNamespace } from "./mount-namespace.ts";
import { createProcessExecutor } from "./process-executor.ts";

const namespace = await findMountNamespace("/opt/ml");
const skip = "refusal" in namespace ? namespace.refusal : false;

const PYTHON = `import json, os
with open("/opt/ml/input/config/hyperparameters.json") as file: given = json.load(file)
with open("/opt/ml/model/told.json", "w") as file: json.dump([given["a"], os.environ["SM_MODEL_DIR"], os.getcwd(), __file__], file)
`;
const TYPESCRIPT = `import { readFileSync, writeFileSync } from "node:fs";
const given: { a: string } = JSON.parse(readFileSync("/opt/ml/input/config/hyperparameters.json", "utf8"));
const told = [given.a, process.env["SM_MODEL_DIR"], process.cwd(), import.meta.filename];
writeFileSync("/opt/ml/model/told.json", JSON.stringify(told));
`;

for (const [uri, entryPoint, script] of [
  ["python:3", "train.py", PYTHON],
  ["node:24", "train.ts", TYPESCRIPT],
] as const) {
  test(`a script that names /opt/ml runs as it is: ${entryPoint}`, { skip }, async () => {
    const root = await mkdtemp(join(tmpdir(), "rondo-script-"));
    const image = findScriptImage(uri) ?? assert.fail();
    const executor = createProcessExecutor({ directory: join(root, "runs") });
    const environments = join(root, "environments");
    const environment = scriptEnvironment({ environments, environment: { HOME: root } });
    const commands = [
      scriptTrainingCommand(image),
      scriptProcessingCommand(image, [image.language === "node" ? "node" : "python3", `/opt/ml/code/${entryPoint}`]),
    ];
    for (const [index, command] of commands.entries()) {
      const directory = join(root, `job-${index}`);
      const hyperparameters = { sagemaker_program: entryPoint, a: "1" };
      await writeConfiguration(directory, { hyperparameters, channels: [], instanceType: "local" });
      await mkdir(join(directory, "code"), { recursive: true });
      await writeFile(join(directory, "code", entryPoint), script);
      const handle = await executor.start({
        id: `job-${index}`,
        directory,
        mountPath: "/opt/ml",
        command,
        environment: { ...environment, SAGEMAKER_BASE_DIR: directory, SM_MODEL_DIR: "/opt/ml/model" },
      });
      await executor.ended(handle, AbortSignal.timeout(120_000));
      const { lines } = await executor.readOutput(handle, 0, 100_000);
      assert.deepEqual(await executor.inspect(handle), { state: "ended", exitCode: 0, signal: null }, lines.join("\n"));
      const told = JSON.parse(await readFile(join(directory, "model", "told.json"), "utf8")) as string[];
      const workingDirectory = { 0: "/opt/ml/code", 1: "/opt/ml" }[index];
      assert.deepEqual(told, ["1", "/opt/ml/model", workingDirectory, `/opt/ml/code/${entryPoint}`]);
      await executor.remove(handle);
    }
    await rm(root, { recursive: true });
  });
}
