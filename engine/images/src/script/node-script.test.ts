import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { scriptProcessingCommand, scriptTrainingCommand } from "./script-command.ts";
import { findScriptImage } from "./script-image.ts";
import { createScriptJob, offlineEnvironment, type ScriptRun, startScript } from "./testing/script-job.ts";

const image = findScriptImage(`docker.io/library/node:${process.versions.node}`) ?? assert.fail();

describe("scripts in Node", () => {
  let root = "";

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "rondo-node-"));
  });

  after(async () => await rm(root, { recursive: true, force: true }));

  async function train(entryPoint: string, files: Record<string, string>): Promise<ScriptRun & { failure: string }> {
    const hyperparameters = { sagemaker_program: entryPoint, epochs: "3", lr: "0.5" };
    await using job = await createScriptJob({ hyperparameters, files });
    const ended = await startScript(scriptTrainingCommand(image), offlineEnvironment(job.path, root)).ended;
    const failure = await readFile(join(job.path, "output/failure"), "utf8").catch(() => "");
    return { ...ended, failure };
  }

  test("TypeScript trains with this Node, arguments and variables as in Python", async () => {
    const script = `import { basename } from "node:path";
interface Told { readonly argv: readonly string[] }
const told: Told = { argv: process.argv.slice(2) };
console.log(JSON.stringify([told, process.version, process.env["SM_HPS"], basename(process.cwd())]));`;
    const { exitCode, output } = await train("train.ts", { "code/train.ts": script });
    assert.equal(exitCode, 0, output);
    const told = [{ argv: ["--epochs", "3", "--lr", "0.5"] }, process.version, '{"epochs":3,"lr":0.5}', "code"];
    assert.deepEqual(JSON.parse(output.trim().split("\n").at(-1) ?? ""), told);
    assert.doesNotMatch(output, /stands in/);
  });

  test("a script that throws leaves its last words in output/failure", async () => {
    const { exitCode, failure } = await train("train.mjs", { "code/train.mjs": 'throw new Error("bad thing")' });
    assert.equal(exitCode, 1);
    assert.match(failure, /^ExecuteUserScriptError:\nExitCode 1\nErrorMessage "[^]*Error: bad thing\n/);
  });

  test("dependencies are installed once for all jobs that have the same", async () => {
    const files = {
      "code/package.json": '{"type": "module", "dependencies": {"tiny": "file:./tiny"}}',
      "code/tiny/package.json": '{"name": "tiny", "version": "1.0.0", "type": "module", "exports": "./index.js"}',
      "code/tiny/index.js": "export const value = 42;",
      "code/train.ts": 'import { value } from "tiny";\nconsole.log(`value ${value}`);',
    };
    const first = await train("train.ts", files);
    assert.match(first.output, /Installing the dependencies of package\.json[^]*\nvalue 42\n/);
    const second = await train("train.ts", files);
    assert.doesNotMatch(second.output, /Installing/);
    assert.match(second.output, /package\.json: the modules \S+[^]*\nvalue 42\n/);
    const changed = await train("train.ts", { ...files, "code/tiny/index.js": "export const value = 43;" });
    assert.match(changed.output, /\nvalue 43\n/);
    const own = await train("train.ts", {
      ...files,
      "code/node_modules/tiny/package.json": '{"exports": "./own.js", "type": "module"}',
      "code/node_modules/tiny/own.js": "export const value = 44;",
    });
    assert.match(own.output, /\nvalue 44\n/);
  });

  test("what npm cannot install is the reason, and nothing half is left", async () => {
    const before = await readdir(join(root, "environments")).catch(() => []);
    const files = { "code/package.json": '{"dependencies": {"no-such-package": "1.0.0"}}', "code/train.js": "" };
    const { exitCode, failure } = await train("train.js", files);
    assert.notEqual(exitCode, 0);
    assert.match(
      failure,
      /^InstallRequirementsError:\nExitCode \d+\nErrorMessage "[^]*no-such-package[^]*"\nCommand "npm install /,
    );
    assert.deepEqual(await readdir(join(root, "environments")).catch(() => []), before);
  });

  test("a processing container runs exactly its command, and ends as that does", async () => {
    const script =
      "console.log(JSON.stringify([process.argv.slice(2), process.execPath, process.cwd()])); process.exit(9);";
    await using job = await createScriptJob({ files: { "processing/input/code/x.ts": script } });
    const given = [
      "node",
      "/opt/ml/processing/input/code/x.ts",
      "--a",
      "b c",
      "",
      "/opt/ml/processing/output",
      "/opt/mlx",
    ];
    const command = scriptProcessingCommand(image, given);
    const { exitCode, output } = await startScript(command, offlineEnvironment(job.path, root)).ended;
    assert.equal(exitCode, 9, output);
    const [notice, told] = output.trim().split("\n");
    assert.equal(notice, `Arguments that begin with /opt/ml begin with ${job.path} instead.`);
    const processArguments = ["--a", "b c", "", `${job.path}/processing/output`, "/opt/mlx"];
    assert.deepEqual(JSON.parse(told ?? ""), [processArguments, process.execPath, job.path]);
  });

  test("a command that is not there ends with the shell's exit code and says why", async () => {
    await using job = await createScriptJob({});
    const command = scriptProcessingCommand(image, ["no-such-program"]);
    const { exitCode, output } = await startScript(command, offlineEnvironment(job.path, root)).ended;
    assert.equal(exitCode, 127);
    assert.match(output, /^Cannot execute no-such-program: not found in \S+$/m);
    const failure = await readFile(join(job.path, "output/failure"), "utf8");
    assert.match(failure, /^ExecuteUserScriptError:\nExitCode 127\nErrorMessage "Cannot execute no-such-program: /);
  });
});
