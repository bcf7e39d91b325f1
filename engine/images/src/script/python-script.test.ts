import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { scriptTrainingCommand } from "./script-command.ts";
import { findScriptImage } from "./script-image.ts";
import { scriptEnvironment } from "./script-settings.ts";
import {
  createScriptJob,
  offlineEnvironment,
  pythonIsMissing,
  type RunningScript,
  type ScriptJobOptions,
  type ScriptRun,
  startScript,
  writeInstalledPackage,
  writeWheels,
} from "./testing/script-job.ts";

const skip = pythonIsMissing();

describe("training scripts in Python", { skip }, () => {
  /** Holds the cache, which all tests share, and packages to be installed. */
  let root = "";

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "rondo-python-"));
    const versions: Record<string, readonly string[]> = {
      tiny: ["1.0", "2.0"],
      xgboost: ["1.5.2", "1.6.1", "1.6.2", "3.0.0"],
      numpy: ["1.26.4", "2.1.0"],
      pandas: ["2.3.0", "3.0.0"],
      ...Object.fromEntries(["scikit_learn", "scipy", "joblib", "boto3"].map((name) => [name, ["1.0"]])),
    };
    const packages = Object.entries(versions).flatMap(([name, all]) => all.map((version) => [name, version] as const));
    await writeWheels(join(root, "wheels"), packages);
  });

  after(async () => await rm(root, { recursive: true, force: true }));

  function start(directory: string, uri = "python:3", more: Record<string, string> = {}): RunningScript {
    const image = findScriptImage(uri) ?? assert.fail();
    return startScript(scriptTrainingCommand(image), { ...offlineEnvironment(directory, root), ...more });
  }

  async function run(
    options: ScriptJobOptions,
    uri?: string,
  ): Promise<ScriptRun & { readonly failure: string; readonly model: string }> {
    const hyperparameters = { sagemaker_program: '"train.py"', ...options.hyperparameters };
    await using job = await createScriptJob({ ...options, hyperparameters });
    const ended = await start(job.path, uri).ended;
    const read = async (name: string): Promise<string> => await readFile(join(job.path, name), "utf8").catch(() => "");
    return { ...ended, failure: await read("output/failure"), model: await read("model/told") };
  }

  const tell = (expression: string): string =>
    `import os, sys, json\nos.makedirs(os.environ["SM_MODEL_DIR"], exist_ok=True)\nopen(os.environ["SM_MODEL_DIR"] + "/told", "w").write(json.dumps(${expression}))\n`;

  test("arguments, working directory, modules beside the script, the toolkit's variables and none of the installers'", async () => {
    const hyperparameters = { epochs: "3", "learning-rate": "0.00001", b: '"x y"', flag: "true", sagemaker_other: "1" };
    const script = `import beside\n${tell("[sys.argv, beside.VALUE, os.getcwd().rsplit('/', 1)[1], os.environ['SM_HPS'], os.environ['SM_HP_LEARNING-RATE'], os.environ['SM_FRAMEWORK_PARAMS'], os.environ['SM_CHANNELS'], sorted(os.environ)]")}`;
    const files = { "code/train.py": script, "code/beside.py": "VALUE = 7" };
    const { exitCode, output, model, failure } = await run({ hyperparameters, files });
    assert.deepEqual([exitCode, failure], [0, ""], output);
    const given = ["train.py", "-b", "x y", "--epochs", "3", "--flag", "True", "--learning-rate", "1e-05"];
    const hps = '{"b":"x y","epochs":3,"flag":true,"learning-rate":1e-05}';
    const told = JSON.parse(model) as unknown[];
    const names = told.pop() as string[];
    assert.deepEqual(told, [given, 7, "code", hps, "1e-05", '{"sagemaker_other":1}', '["train"]']);
    assert.ok(names.includes("SM_MODEL_DIR"));
    assert.deepEqual(
      names.filter((name) => name.startsWith("PIP_") || name.startsWith("RONDO_") || name === "HOME"),
      [],
    );
    assert.match(output, /Invoking script with the following command:\npython train\.py -b x y --epochs 3/);
  });

  test("a script that fails leaves its last words in output/failure, and its exit code", async () => {
    const script = 'import sys\nprint("before", file=sys.stderr)\nraise ValueError("bad thing")\n';
    const { exitCode, failure, output } = await run({ files: { "code/train.py": script } });
    assert.equal(exitCode, 1);
    assert.match(failure, /^ExecuteUserScriptError:\nExitCode 1\nErrorMessage "before\nTraceback/);
    assert.match(failure, /ValueError: bad thing"\nCommand "python train\.py"$/);
    assert.match(output, /ValueError: bad thing/);
    const killed = await run({ files: { "code/train.py": "import os; os.kill(os.getpid(), 9)" } });
    assert.deepEqual([killed.exitCode, killed.signal], [null, "SIGKILL"]);
    assert.match(killed.failure, /^ExecuteUserScriptError:\nExitCode SIGKILL\n/);
  });

  test("what failed is put briefly enough for a FailureReason, however much there is", async () => {
    const script = 'import sys\nfor i in range(5000): print("line", i, file=sys.stderr)\nsys.exit(3)\n';
    const { exitCode, failure } = await run({ files: { "code/train.py": script } });
    assert.equal(exitCode, 3);
    assert.ok(failure.length < 1024, `${failure.length}`);
    assert.match(failure, /line 4998\nline 4999"\nCommand/);
  });

  test("SIGTERM reaches the script once, which ends as it likes", async () => {
    const script = `import signal, sys, time
count = 0
def end(*_):
    global count
    count += 1
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
while count == 0: time.sleep(0.01)
time.sleep(0.2)
${tell("count")}sys.exit(5)
`;
    await using job = await createScriptJob({
      hyperparameters: { sagemaker_program: "train.py" },
      files: { "code/train.py": script },
    });
    const running = start(job.path);
    await running.printed(/ready/);
    running.signal("SIGTERM");
    assert.equal((await running.ended).exitCode, 5);
    assert.equal(await readFile(join(job.path, "model/told"), "utf8"), "1");
  });

  test("requirements are installed once for all jobs that have the same, also when two start together", async () => {
    const files = { "code/train.py": `import tiny\n${tell("tiny.VERSION")}`, "code/requirements.txt": "tiny==1.0\n" };
    const both = await Promise.all([run({ files }), run({ files })]);
    assert.deepEqual(
      both.map(({ model }) => model),
      ['"1.0"', '"1.0"'],
      both[0]?.output,
    );
    const installs = both.filter(({ output }) => output.includes("Successfully installed tiny-1.0"));
    assert.equal(installs.length, 1);
    const third = await run({ files });
    assert.match(third.output, /^requirements\.txt: the Python environment \S+environments/m);
    assert.equal(third.model, '"1.0"');
    const other = await run({ files: { ...files, "code/requirements.txt": "tiny==2.0\n" } });
    assert.equal(other.model, '"2.0"');
  });

  test("a wheel in the code folder is part of what is cached", async () => {
    await using scratch = await createScriptJob({});
    const results: string[] = [];
    for (const version of ["1.0", "2.0"]) {
      await writeWheels(scratch.path, [["local", version]]);
      const wheel = await readFile(join(scratch.path, `local-${version}-py3-none-any.whl`));
      const name = "local-9.9-py3-none-any.whl";
      const files = { "code/train.py": `import local\n${tell("local.VERSION")}`, [`code/${name}`]: wheel };
      const requirements = { "code/requirements.txt": `./${name}\n` };
      results.push((await run({ files: { ...files, ...requirements } })).model);
    }
    assert.deepEqual(results, ['"1.0"', '"2.0"']);
  });

  test("what pip cannot install is the reason, and nothing half is left", async () => {
    const before = await readdir(join(root, "environments")).catch(() => []);
    const files = { "code/train.py": "", "code/requirements.txt": "tiny==1.0\nno-such-package==1\n" };
    const { exitCode, failure } = await run({ files });
    assert.equal(exitCode, 1);
    assert.match(failure, /^InstallRequirementsError:\nExitCode 1\nErrorMessage "ERROR: Could not find a version that/);
    assert.match(
      failure,
      /no-such-package==1 .*\nERROR: No matching distribution .*\nNo package index .*"\nCommand ".* -m pip install -r requirements\.txt"$/,
    );
    const after = await readdir(join(root, "environments"));
    assert.ok(before.every((name) => after.includes(name)));
    for (const name of after.filter((entry) => entry.includes(".")))
      assert.ok(after.includes(name.split(".")[0] ?? ""));
  });

  test("SIGTERM while pip waits ends the job, and nothing half is left", async () => {
    const asked = Promise.withResolvers<void>();
    await using index = createServer(() => asked.resolve());
    index.listen(0, "127.0.0.1");
    await once(index, "listening");
    const hyperparameters = { sagemaker_program: "train.py" };
    const files = { "code/train.py": "", "code/requirements.txt": "slow-package\n" };
    await using job = await createScriptJob({ hyperparameters, files });
    const before = await readdir(join(root, "environments"));
    const url = `http://127.0.0.1:${(index.address() as AddressInfo).port}/simple`;
    const running = start(job.path, "python:3", { PIP_NO_INDEX: "0", PIP_INDEX_URL: url });
    await asked.promise;
    running.signal("SIGTERM");
    const { exitCode, output } = await running.ended;
    assert.equal(exitCode, 143, output);
    assert.deepEqual(await readdir(join(root, "environments")), before);
    index.closeAllConnections();
  });

  test("a package that a script installs itself is its own", async () => {
    const script = `import subprocess, sys
subprocess.check_call([sys.executable, "-m", "pip", "install", "tiny==2.0"])
subprocess.check_call(["pip", "uninstall", "--yes", "no-such-package"])
import tiny
${tell("tiny.VERSION")}`;
    const own = await run({ files: { "code/train.py": script } });
    assert.equal(own.model, '"2.0"', own.output);
    const next = await run({ files: { "code/train.py": "import tiny" } });
    assert.match(next.failure, /No module named 'tiny'/);
  });

  test("the image's packages are there; where a version has no build, the nearest stands in and the log says so", async () => {
    const script = `import boto3, numpy, pandas, scipy, xgboost\n${tell("[xgboost.VERSION, numpy.VERSION, pandas.VERSION]")}`;
    const image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1";
    const note = "xgboost 1.7 has no build for this Python; 1.6.2, the nearest that has, stands in.";
    for (const isCached of [false, true]) {
      const { model, output } = await run({ files: { "code/train.py": script } }, image);
      assert.equal(model, '["1.6.2", "1.26.4", "2.3.0"]', output);
      assert.ok(output.includes(note), output);
      assert.equal(output.includes("Successfully installed"), !isCached);
    }
  });

  test("an interpreter that has the image's packages is used as it is", async () => {
    const host = join(root, "host");
    execFileSync("python3", ["-m", "venv", "--without-pip", host]);
    const python = join(host, "bin", "python");
    const where = execFileSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
      encoding: "utf8",
    });
    const versions = { xgboost: "1.7.6", numpy: "1.26.4", pandas: "2.3.0", scikit_learn: "1.0" };
    for (const tiny of Object.entries({ ...versions, scipy: "1.0", joblib: "1.0", boto3: "1.0" })) {
      await writeInstalledPackage(where.trim(), tiny);
    }
    const hyperparameters = { sagemaker_program: "train.py" };
    const script = `import xgboost, sys\nprint("found", xgboost.VERSION, sys.prefix != ${JSON.stringify(host)})`;
    await using job = await createScriptJob({ hyperparameters, files: { "code/train.py": script } });
    const settings = scriptEnvironment({
      environments: join(root, "environments"),
      python,
      environment: { HOME: root, PIP_NO_INDEX: "1" },
    });
    const { output } = await start(job.path, "sagemaker-xgboost:1.7-1", settings).ended;
    assert.match(output, /^The packages of \S+host\/bin\/python are used as they are: xgboost 1\.7\.6, /m);
    assert.match(output, /^found 1\.7\.6 True$/m);
  });

  test("an interpreter that is not there is named in the reason", async () => {
    await using job = await createScriptJob({
      hyperparameters: { sagemaker_program: "train.py" },
      files: { "code/train.py": "" },
    });
    const settings = scriptEnvironment({ environments: root, python: "/no/such/python", environment: {} });
    const { exitCode, output } = await start(job.path, "python:3", settings).ended;
    assert.equal(exitCode, 1);
    assert.match(
      output,
      /^ClientError: This image needs Python 3\.8 or newer on this host, found as \/no\/such\/python: there is none\. Install/m,
    );
  });

  test("without a package index the reason says what works all the same", async () => {
    const { failure } = await run({ files: { "code/train.py": "" } }, "pytorch-training:2.0.1-cpu-py310");
    assert.match(
      failure,
      /^InstallRequirementsError:\nExitCode 1\nErrorMessage "ERROR: .* requirement torch==2\.0\.1 /,
    );
    assert.match(failure, /What was installed for an earlier job works without one\."\nCommand "/);
    assert.ok(failure.length < 1024);
  });

  test("a missing entry point, one of another language and none at all are told apart", async () => {
    const files = { "code/other.py": "" };
    assert.match(
      (await run({ files })).failure,
      /^ClientError: The entry point train\.py is not in the code folder, which holds .*other\.py\.$/,
    );
    const wrong = await run({ files: { "code/train.ts": "" }, hyperparameters: { sagemaker_program: "train.ts" } });
    assert.match(
      wrong.failure,
      /^ClientError: The image python:3 cannot run train\.ts; an image that can is node:24\.$/,
    );
    const none = await run({ files, hyperparameters: { sagemaker_program: '""' } });
    assert.match(none.failure, /^ClientError: The hyperparameter sagemaker_program is missing/);
  });

  test("a shell script runs, with arguments as they are", async () => {
    const script =
      'mkdir -p "$SM_MODEL_DIR"; printf "%s|" "$@" > "$SM_MODEL_DIR/told"; which python | xargs basename; exit 6';
    const hyperparameters = { sagemaker_program: "run.sh", a: '"$HOME `x` y"' };
    const { exitCode, model } = await run({ files: { "code/run.sh": script }, hyperparameters });
    assert.deepEqual([exitCode, model], [6, "-a|$HOME `x` y|"]);
  });
});
