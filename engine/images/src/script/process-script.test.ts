import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { scriptProcessingCommand } from "./script-command.ts";
import { findScriptImage } from "./script-image.ts";
import {
  createScriptJob,
  offlineEnvironment,
  pythonIsMissing,
  type ScriptRun,
  startScript,
  writeWheels,
} from "./testing/script-job.ts";

const image = findScriptImage("python:3") ?? assert.fail();

/** What the SageMaker Python SDK's FrameworkProcessor generates, in its words. */
const RUNPROC = `#!/bin/bash
cd "$SAGEMAKER_BASE_DIR/processing/input/code/"
tar -xzf sourcedir.tar.gz
set -e
if [[ -f 'requirements.txt' ]]; then
    pip uninstall --yes typing
    pip install -r requirements.txt
fi
python x.py "$@"
`;

describe("processing scripts in Python", { skip: pythonIsMissing() }, () => {
  let root = "";

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "rondo-processing-"));
    await writeWheels(join(root, "wheels"), [["tiny", "1.0"]]);
  });

  after(async () => await rm(root, { recursive: true, force: true }));

  async function run(command: readonly string[], files: Record<string, string | Uint8Array>): Promise<ScriptRun> {
    await using job = await createScriptJob({ files });
    return await startScript(scriptProcessingCommand(image, command), offlineEnvironment(job.path, root)).ended;
  }

  const script = 'import sys, tiny\nprint(tiny.VERSION, sys.argv[1:], sys.prefix.rsplit("/", 1)[1])\nsys.exit(7)\n';

  test("python and python3 are the environment's, with the requirements beside the script", async () => {
    const files = { "processing/input/code/x.py": script, "processing/input/code/requirements.txt": "tiny\n" };
    for (const python of ["python3", "python"]) {
      const { exitCode, output } = await run([python, "/opt/ml/processing/input/code/x.py", "--a", "b c"], files);
      assert.equal(exitCode, 7, output);
      assert.match(output, /^1\.0 \['--a', 'b c'\] \.environment$/m);
    }
  });

  test("FrameworkProcessor's archive and runproc.sh work, its requirements from the cache", async () => {
    const source = await mkdtemp(join(root, "source-"));
    await using content = await createScriptJob({ files: { "x.py": script, "requirements.txt": "tiny\n" } });
    const archive = join(source, "sourcedir.tar.gz");
    execFileSync("tar", ["-czf", archive, "-C", content.path, "x.py", "requirements.txt"]);
    const files = {
      "processing/input/code/sourcedir.tar.gz": await readFile(archive),
      "processing/input/entrypoint/runproc.sh": RUNPROC,
    };
    const command = ["/bin/bash", "/opt/ml/processing/input/entrypoint/runproc.sh", "--a", "b c"];
    const { exitCode, output } = await run(command, files);
    assert.equal(exitCode, 7, output);
    assert.match(output, /^Requirement already satisfied: tiny /m);
    assert.match(output, /^1\.0 \['--a', 'b c'\] \.environment$/m);
  });

  test("an exit by signal stays one", async () => {
    const { exitCode, signal } = await run(["/bin/sh", "-c", "kill -9 $$"], {});
    assert.deepEqual([exitCode, signal], [null, "SIGKILL"]);
  });
});
