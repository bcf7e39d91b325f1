import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import type { Executor } from "../executor.ts";
import { type Bench, end, firstLines, lines, SHELL, writeGo } from "./executor-bench.ts";
import type { ExecutorSuiteOptions } from "./executor-suite.ts";

/** The part of an executor's contract that `mountPath` asks for; skipped where the host refuses it. */
export function mountTests(openBench: () => Promise<Bench>, { mountRefusal }: ExecutorSuiteOptions): void {
  const skip = mountRefusal ?? false;
  views(openBench, skip);

  test("mounted: the exit code and the signals are the program's own", { skip }, async () => {
    await using bench = await openBench();
    const mountPath = "/opt/ml";
    const code = await bench.start("exit 9", { mountPath });
    const { executor, jobDirectory: directory } = bench;
    const command = ["/no/such/program"];
    const missing = await executor.start({ id: "missing", directory, command, environment: {}, mountPath });
    const saving = await bench.start(
      "trap 'echo saved > /opt/ml/saved; exit 4' TERM; echo $$; while :; do sleep 0.05; done",
      { mountPath },
    );
    const [pid] = await firstLines(bench.executor, saving, 1);
    assert.equal(Number(pid), saving["pid"]);
    await bench.executor.signal(saving, "SIGTERM");
    assert.deepEqual(await end(bench.executor, saving), { state: "ended", exitCode: 4, signal: null });
    assert.equal(await readFile(join(bench.jobDirectory, "saved"), "utf8"), "saved\n");
    assert.deepEqual(await end(bench.executor, code), { state: "ended", exitCode: 9, signal: null });
    assert.deepEqual(await end(bench.executor, missing), { state: "ended", exitCode: 127, signal: null });
    const stuck = await bench.start("trap '' TERM; sleep 600 & echo ready; while :; do sleep 0.05; done", {
      mountPath,
    });
    await firstLines(bench.executor, stuck, 1);
    await bench.executor.signal(stuck, "SIGKILL");
    assert.deepEqual(await end(bench.executor, stuck), { state: "ended", exitCode: null, signal: "SIGKILL" });
  });
}

function views(openBench: () => Promise<Bench>, skip: string | false): void {
  const hostPath = `/rondo-${process.pid}/input/ml`;
  for (const mountPath of ["/opt/ml", hostPath]) {
    test(`a program sees its directory at ${mountPath}, and nobody else does`, { skip }, async () => {
      await using bench = await openBench();
      const before = await readdir("/opt").catch(() => []);
      await writeFile(join(bench.jobDirectory, "given"), "content");
      const script = `cat ${mountPath}/given; echo; echo written > ${mountPath}/taken; pwd; id -u; ls /opt /usr`;
      const handle = await bench.start(script, { mountPath });
      assert.equal((await end(bench.executor, handle)).state, "ended");
      const [content, directory, user, ...entries] = await lines(bench.executor, handle);
      assert.deepEqual([content, directory, user], ["content", bench.jobDirectory, String(process.getuid?.())]);
      for (const entry of before) assert.ok(entries.includes(entry), `${entry} of /opt is still there`);
      assert.ok(entries.includes("bin"));
      const { uid } = await stat(join(bench.jobDirectory, "taken"));
      assert.equal(uid, process.getuid?.());
      assert.deepEqual(await readdir("/opt").catch(() => []), before);
      assert.ok(!existsSync(hostPath));
    });
  }

  test("a directory that is there already is covered for this program only", { skip }, async () => {
    await using bench = await openBench();
    const mountPath = join(bench.directory, "covered");
    await mkdir(mountPath, { recursive: true });
    await writeFile(join(mountPath, "own"), "");
    await writeFile(join(bench.jobDirectory, "given"), "");
    const handle = await bench.start(`ls ${mountPath}`, { mountPath });
    await end(bench.executor, handle);
    assert.deepEqual(await lines(bench.executor, handle), ["given"]);
    assert.deepEqual(await readdir(mountPath), ["own"]);
  });

  test("the path may be missing in a directory that holds the job's own", { skip }, async () => {
    await using bench = await openBench();
    const above = dirname(bench.jobDirectory);
    const mountPath = join(above, "missing", "ml");
    await writeFile(join(bench.jobDirectory, "given"), "");
    const handle = await bench.start(`touch taken; ls ${mountPath} ${above}`, { mountPath });
    await end(bench.executor, handle);
    const runs = ["missing", "runs", basename(bench.jobDirectory)];
    const expected = [`${above}:`, ...runs.toSorted(), "", `${mountPath}:`, "given", "taken"];
    assert.deepEqual(await lines(bench.executor, handle), expected);
    assert.ok(existsSync(join(bench.jobDirectory, "taken")));
    assert.ok(!existsSync(mountPath));
  });

  test("programs that run at the same time each see their own directory", { skip }, async () => {
    await using bench = await openBench();
    const handles = await Promise.all(["a", "b", "c"].map((name) => startNamed(bench, name)));
    for (const handle of handles) await firstLines(bench.executor, handle, 1);
    await writeGo(bench.jobDirectory);
    for (const [index, handle] of handles.entries()) {
      await end(bench.executor, handle);
      assert.equal((await lines(bench.executor, handle)).at(-1), ["a", "b", "c"][index]);
    }
  });
}

/** Waits for the go in the bench's directory and then tells the name that lies in its own. */
async function startNamed(bench: Bench, name: string): ReturnType<Executor["start"]> {
  const directory = await mkdtemp(join(bench.jobDirectory, `${name}-`));
  await writeFile(join(directory, "name"), name);
  const go = join(bench.jobDirectory, "go");
  const script = `echo waiting; while [ ! -e ${go} ]; do sleep 0.02; done; cat /opt/ml/name`;
  const specification = { id: name, directory, mountPath: "/opt/ml", environment: {}, command: [...SHELL, script] };
  return await bench.executor.start(specification);
}
